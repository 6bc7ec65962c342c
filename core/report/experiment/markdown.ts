import type { Comparison, ExperimentAnalysis } from '../../experiment/document.ts';
import {
    type Currency,
    formatChange,
    formatChangeInterval,
    formatLevel,
    formatLift,
    formatLiftInterval,
    formatP,
} from '../../experiment/format.ts';
import { marginWords, missingWords } from './guardrails.ts';
import { escapeMarkdown as text } from './markup.ts';
import type { ReportMeta } from './meta.ts';
import { DEFINITIONS } from './method.ts';
import { planFacts } from './plan-section.ts';
import { notTestedWords, testWords } from './segments.ts';
import { basisWords, decisionWords, guardrailWords, otherArms, valueWords, whyMissing } from './words.ts';

/** The report for a pull request, a chat or a terminal: the page's sections in its order, without pictures. */
export function renderExperimentMarkdown(analysis: ExperimentAnalysis, meta: ReportMeta): string {
    const { verdict, plan } = analysis;
    const sections = [
        `# ${text(analysis.experimentId)}`,
        `**${text(decisionWords(verdict).word)}**`,
        text(verdict.because),
        list([...verdict.also, ...otherArms(verdict)]),
        '## Trust',
        table(
            ['Check', 'State', 'Measured', 'Meaning'],
            analysis.trust.map((check) => [
                check.label,
                check.level.replaceAll('_', ' '),
                check.measured,
                check.detail,
            ]),
        ),
        '## Plan and what happened',
        list(planFacts(analysis).map(({ term, text: fact }) => `${term}: ${fact}`)),
        ...part(
            'Goals',
            `Changes with their ${formatLevel(plan.alpha)} intervals; pp = percentage points.`,
            goalTable(analysis),
        ),
        ...part('Guardrails', 'Shown not to be worse than the margin, or not.', guardrailTable(analysis)),
        ...part(
            'Funnel',
            'Share of exposed users that reached each step.',
            comparisonTable(
                analysis.funnel.flatMap((step) => step.comparisons),
                plan.currency,
            ),
        ),
        ...part(
            'Other metrics',
            'Background, without a say in the decision.',
            comparisonTable(analysis.secondary, plan.currency),
        ),
        ...segmentParts(analysis),
        '## Words',
        list(DEFINITIONS.map(({ term, text: meaning }) => `${term}: ${meaning}`)),
        `Generated ${text(meta.generatedAt)}${meta.run === null ? '' : `, run ${text(meta.run)}`}.`,
    ];
    return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

const COMPARISON_HEAD = ['Metric', 'Arm', 'Control', 'Treatment', 'Change', 'Relative change', 'p'];

function goalTable({ goals, plan: { currency } }: ExperimentAnalysis): string {
    return table(
        [...COMPARISON_HEAD, 'p, adjusted', 'p, any time'],
        goals.map((goal) => [
            ...comparisonCells(goal, currency),
            goal.adjustedPValue.status === 'ok' ? formatP(goal.adjustedPValue.pValue) : '\u2013',
            goal.adjustedAnytimePValue.status === 'ok' ? formatP(goal.adjustedAnytimePValue.pValue) : '\u2013',
        ]),
    );
}

function guardrailTable({ guardrails, plan: { currency } }: ExperimentAnalysis): string {
    return table(
        [...COMPARISON_HEAD, 'Margin', 'p of the margin', 'Verdict'],
        guardrails.map((guardrail) => {
            const p = guardrail.nonInferiorityPValue;
            const missing = missingWords(guardrail);
            const word = guardrailWords(guardrail.verdict).word;
            return [
                ...comparisonCells(guardrail, currency),
                marginWords(guardrail),
                p.status === 'ok' ? formatP(p.pValue) : '\u2013',
                missing === null ? word : `${word}; ${missing}`,
            ];
        }),
    );
}

function segmentParts({ segments, plan: { currency } }: ExperimentAnalysis): string[] {
    if (segments.length === 0) return [];
    const parts = segments.flatMap((dimension) => [
        `### ${text(dimension.label)}: ${text(dimension.variant)}`,
        text(`${dimension.sentence} ${testWords(dimension)}`),
        table(
            ['Segment', ...COMPARISON_HEAD.slice(2)],
            dimension.rows.map((row) => [
                notTestedWords(row) === null ? row.segment : `${row.segment} (${notTestedWords(row)})`,
                ...comparisonCells(row.comparison, currency).slice(2),
            ]),
        ),
    ]);
    return ['## Segments', ...parts];
}

function comparisonTable(comparisons: readonly Comparison[], currency: Currency): string {
    return table(
        COMPARISON_HEAD,
        comparisons.map((comparison) => comparisonCells(comparison, currency)),
    );
}

function comparisonCells(comparison: Comparison, currency: Currency): string[] {
    const { metric, control, treatment, difference, lift, test } = comparison;
    return [
        metric.label,
        treatment.variant,
        `${valueWords(metric, control, currency)} (${basisWords(metric, control)})`,
        `${valueWords(metric, treatment, currency)} (${basisWords(metric, treatment)})`,
        difference.status === 'ok'
            ? `${formatChange(metric.unit, difference.value, currency)} (${formatChangeInterval(metric.unit, difference, currency)})`
            : (whyMissing(difference) ?? ''),
        lift.status === 'ok' ? `${formatLift(lift.value)} (${formatLiftInterval(lift)})` : (whyMissing(lift) ?? ''),
        test.status === 'ok' ? formatP(test.pValue) : '\u2013',
    ];
}

function part(title: string, lead: string, body: string): string[] {
    return body === '' ? [] : [`## ${title}`, lead, body];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
    if (rows.length === 0) return '';
    const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
    return [line(head), line(head.map(() => '---')), ...rows.map((row) => line(row.map(text)))].join('\n');
}

function list(items: readonly string[]): string {
    return items.map((item) => `- ${text(item)}`).join('\n');
}
