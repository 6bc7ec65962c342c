import type { Comparison, ExperimentAnalysis } from '#core/experiment/document.ts';
import { formatChange, formatChangeInterval, formatLevel, formatLift, formatP } from '#core/experiment/format.ts';
import { basisWords, decisionWords, guardrailWords, valueWords, whyMissing } from '#core/report/experiment/words.ts';
import { count } from '../output/numbers.ts';
import { paint } from '../output/style.ts';
import { markdownTable } from '../output/table.ts';

/** A decision in a screenful of Markdown: what to do, why, the goals, the guardrails, what to mistrust. */
export function briefLines(analysis: ExperimentAnalysis): string[] {
    const { verdict, arms, exposure, trust, goals, guardrails, plan } = analysis;
    const armWords = arms.map(({ variant, units }) => `${count(units)} ${variant}`).join(', ');
    const doubts = trust.filter(({ level }) => level === 'caution' || level === 'alert');
    return [
        paint('bold', `# ${analysis.experimentId}: ${decisionWords(verdict).word}`),
        '',
        verdict.because,
        '',
        `${count(exposure.units)} exposed users (${armWords}).`,
        '',
        `## Goals (${formatLevel(plan.alpha)} intervals)`,
        '',
        ...comparisons(analysis, goals, 'p any time', (index) => {
            const { anytime } = goals[index] as (typeof goals)[number];
            return anytime.status === 'ok' ? formatP(anytime.pValue) : '-';
        }),
        ...(guardrails.length === 0
            ? []
            : [
                  '',
                  '## Guardrails',
                  '',
                  ...comparisons(
                      analysis,
                      guardrails,
                      'verdict',
                      (index) => guardrailWords((guardrails[index] as (typeof guardrails)[number]).verdict).word,
                  ),
              ]),
        ...(doubts.length === 0
            ? []
            : ['', '## Look out', '', ...doubts.map(({ label, detail }) => `- ${label}: ${detail}`)]),
    ];
}

function comparisons(
    { plan }: ExperimentAnalysis,
    rows: readonly Comparison[],
    last: string,
    lastCell: (index: number) => string,
): string[] {
    const { currency } = plan;
    return markdownTable(
        ['metric', 'control', 'treatment', 'change', 'relative', 'p', last],
        rows.map(({ metric, control, treatment, difference, lift, test }, index) => [
            metric.label,
            `${valueWords(metric, control, currency)} (${basisWords(metric, control)})`,
            `${valueWords(metric, treatment, currency)} (${basisWords(metric, treatment)})`,
            difference.status === 'ok'
                ? `${formatChange(metric.unit, difference.value, currency)} (${formatChangeInterval(metric.unit, difference, currency)})`
                : (whyMissing(difference) ?? ''),
            lift.status === 'ok' ? formatLift(lift.value) : '-',
            test.status === 'ok' ? formatP(test.pValue) : '-',
            lastCell(index),
        ]),
    );
}
