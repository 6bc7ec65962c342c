import type { Comparison, ExperimentAnalysis, GoalComparison, GuardrailComparison } from '#core/experiment/document.ts';
import { formatChange, formatChangeInterval, formatLevel, formatLift, formatP } from '#core/experiment/format.ts';
import { type Shown, shownOf } from '#core/experiment/shown.ts';
import { basisWords, decisionWords, guardrailWords, valueWords, whyMissing } from '#core/report/experiment/words.ts';
import { count } from '../output/numbers.ts';
import { paint } from '../output/style.ts';
import { markdownTable } from '../output/table.ts';
import { readingLines } from './reading-lines.ts';

/** A decision in a screenful of Markdown: what to do, why, the goals, the guardrails, what to mistrust. */
export function briefLines(analysis: ExperimentAnalysis): string[] {
    const { verdict, arms, exposure, trust, goals, guardrails, intervals } = analysis;
    const isFixed = intervals.kind === 'fixed';
    const armWords = arms.map(({ variant, units }) => `${count(units)} ${variant}`).join(', ');
    const doubts = trust.filter(({ level }) => level === 'caution' || level === 'alert');
    return [
        paint('bold', `# ${analysis.experimentId}: ${decisionWords(verdict).word}`),
        '',
        verdict.because,
        '',
        `${count(exposure.units)} ${analysis.plan.looks.kind === 'once' ? 'units' : 'exposed users'} (${armWords}).`,
        '',
        `## Goals (${formatLevel(intervals.alpha)} ${isFixed ? '' : 'any-time '}intervals)`,
        '',
        ...comparisons(analysis, goals, 'p adjusted', (index) => {
            const { adjustedPValue, adjustedAnytimePValue } = goals[index] as (typeof goals)[number];
            const adjusted = isFixed ? adjustedPValue : adjustedAnytimePValue;
            return adjusted.status === 'ok' ? formatP(adjusted.pValue) : '-';
        }),
        '',
        ...(isFixed ? [] : ['Right for one look only, to compare with other tools:', '']),
        ...goals.map(testWords),
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
        ...(analysis.plan.looks.kind === 'once' ? readingLines(analysis) : []),
        ...(doubts.length === 0
            ? []
            : ['', '## Look out', '', ...doubts.map(({ label, detail }) => `- ${label}: ${detail}`)]),
    ];
}

/** The test behind a goal with four decimals, for people who compare with their own numbers. */
function testWords({ metric, treatment, test, waldDifference, newcombeDifference }: GoalComparison): string {
    if (test.status !== 'ok') return `- ${metric.label}, ${treatment.variant}: ${whyMissing(test)}`;
    const { method, statistic, pValue } = test;
    const name = method === 'two_proportion_z' ? 'z' : 't';
    const intervals = [
        ['Newcombe', newcombeDifference],
        ['unpooled', waldDifference],
    ] as const;
    const shown = intervals.flatMap(([label, interval]) =>
        interval.status === 'ok' ? [`${label} ${interval.low.toFixed(4)} to ${interval.high.toFixed(4)}`] : [],
    );
    return `- ${metric.label}, ${treatment.variant}: ${[`${name} ${statistic.toFixed(4)}, p ${pValue < 0.0001 ? '<0.0001' : pValue.toFixed(4)}`, ...shown].join('; ')}`;
}

function comparisons(
    { plan, intervals }: ExperimentAnalysis,
    rows: readonly Comparison[],
    last: string,
    lastCell: (index: number) => string,
): string[] {
    const { currency } = plan;
    const shown = rows.map((row) =>
        shownOf(row, 'reading' in row ? (row as GuardrailComparison).reading : intervals.kind),
    );
    return markdownTable(
        ['metric', 'control', 'treatment', 'change', 'relative', intervals.kind === 'fixed' ? 'p' : 'p any time', last],
        rows.map(({ metric, control, treatment }, index) => [
            plan.arms.length > 2 ? `${metric.label}, ${treatment.variant}` : metric.label,
            `${valueWords(metric, control, currency)} (${basisWords(metric, control)})`,
            `${valueWords(metric, treatment, currency)} (${basisWords(metric, treatment)})`,
            ...shownCells(metric, shown[index] as Shown, currency),
            lastCell(index),
        ]),
    );
}

function shownCells(
    { unit }: Comparison['metric'],
    { difference, lift, test }: Shown,
    currency: string | null,
): string[] {
    return [
        difference.status === 'ok'
            ? `${formatChange(unit, difference.value, currency)} (${formatChangeInterval(unit, difference, currency)})`
            : difference.why,
        lift.status === 'ok' ? formatLift(lift.value) : '-',
        test.status === 'ok' ? formatP(test.pValue) : '-',
    ];
}
