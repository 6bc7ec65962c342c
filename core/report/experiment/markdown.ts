import type {
    Comparison,
    ExperimentAnalysis,
    GoalComparison,
    IntervalKind,
    Outcome,
} from '../../experiment/document.ts';
import {
    type Currency,
    formatChange,
    formatChangeInterval,
    formatLift,
    formatLiftInterval,
    formatP,
} from '../../experiment/format.ts';
import { shownOf } from '../../experiment/shown.ts';
import { escapeMarkdown as text } from '../markup.ts';
import { intervalWords, pHead } from './comparison-cells.ts';
import { marginP, marginWords, missingWords } from './guardrails.ts';
import type { ReportMeta } from './meta.ts';
import { DEFINITIONS } from './method.ts';
import { planFacts } from './plan-section.ts';
import { notTestedWords, testWords } from './segments.ts';
import { basisWords, decisionWords, guardrailWords, otherArms, valueWords } from './words.ts';

/** The report for a pull request, a chat or a terminal: the page's sections in its order, without pictures. */
export function renderExperimentMarkdown(analysis: ExperimentAnalysis, meta: ReportMeta): string {
    const { verdict, plan, intervals } = analysis;
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
        ...part('Goals', `Small print: ${intervalWords(intervals)}; pp = percentage points.`, goalTable(analysis)),
        ...part('Guardrails', 'Shown not to be worse than the margin, or not.', guardrailTable(analysis)),
        ...part(
            'Funnel',
            'Share of exposed users that reached each step.',
            comparisonTable(
                analysis.funnel.flatMap((step) => step.comparisons),
                intervals.kind,
                plan.currency,
            ),
        ),
        ...part(
            'Other metrics',
            'Background, without a say in the decision.',
            comparisonTable(analysis.secondary, intervals.kind, plan.currency),
        ),
        ...segmentParts(analysis),
        '## Words',
        list(DEFINITIONS.map(({ term, text: meaning }) => `${term}: ${meaning}`)),
        `Generated ${text(meta.generatedAt)}${meta.run === null ? '' : `, run ${text(meta.run)}`}.`,
    ];
    return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

const comparisonHead = (kind: IntervalKind) => [
    'Metric',
    'Arm',
    'Control',
    'Treatment',
    'Change',
    'Relative change',
    pHead(kind),
];

function goalTable({ goals, intervals: { kind }, plan: { currency } }: ExperimentAnalysis): string {
    const adjusted = (goal: GoalComparison) =>
        kind === 'fixed'
            ? [goal.adjustedPValue, goal.adjustedAnytimePValue].map(pWords)
            : [pWords(goal.adjustedAnytimePValue)];
    return table(
        [...comparisonHead(kind), ...(kind === 'fixed' ? ['p, adjusted', 'p, any time'] : ['p, any time, adjusted'])],
        goals.map((goal) => [...comparisonCells(goal, kind, currency), ...adjusted(goal)]),
    );
}

function pWords(outcome: Outcome<{ readonly pValue: number }>): string {
    return outcome.status === 'ok' ? formatP(outcome.pValue) : '\u2013';
}

function guardrailTable({ guardrails, plan: { currency } }: ExperimentAnalysis): string {
    return table(
        [...comparisonHead(guardrails[0]?.reading ?? 'fixed'), 'Margin', 'p of the margin', 'Verdict'],
        guardrails.map((guardrail) => {
            const missing = missingWords(guardrail);
            const word = guardrailWords(guardrail.verdict).word;
            return [
                ...comparisonCells(guardrail, guardrail.reading, currency),
                marginWords(guardrail),
                pWords(marginP(guardrail)),
                missing === null ? word : `${word}; ${missing}`,
            ];
        }),
    );
}

function segmentParts({ segments, intervals: { kind }, plan: { currency } }: ExperimentAnalysis): string[] {
    if (segments.length === 0) return [];
    const parts = segments.flatMap((dimension) => [
        `### ${text(dimension.label)}: ${text(dimension.variant)}`,
        text(`${dimension.sentence} ${testWords(dimension)}`),
        table(
            ['Segment', ...comparisonHead(kind).slice(2)],
            dimension.rows.map((row) => [
                notTestedWords(row) === null ? row.segment : `${row.segment} (${notTestedWords(row)})`,
                ...comparisonCells(row.comparison, kind, currency).slice(2),
            ]),
        ),
    ]);
    return ['## Segments', ...parts];
}

function comparisonTable(comparisons: readonly Comparison[], kind: IntervalKind, currency: Currency): string {
    return table(
        comparisonHead(kind),
        comparisons.map((comparison) => comparisonCells(comparison, kind, currency)),
    );
}

function comparisonCells(comparison: Comparison, kind: IntervalKind, currency: Currency): string[] {
    const { metric, control, treatment } = comparison;
    const { difference, lift, test } = shownOf(comparison, kind);
    return [
        metric.label,
        treatment.variant,
        `${valueWords(metric, control, currency)} (${basisWords(metric, control)})`,
        `${valueWords(metric, treatment, currency)} (${basisWords(metric, treatment)})`,
        difference.status === 'ok'
            ? `${formatChange(metric.unit, difference.value, currency)} (${formatChangeInterval(metric.unit, difference, currency)})`
            : difference.why,
        lift.status === 'ok' ? `${formatLift(lift.value)} (${formatLiftInterval(lift)})` : lift.why,
        pWords(test),
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
