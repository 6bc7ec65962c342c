import { holm } from '#stats/multiplicity.ts';
import type { Comparison, Estimate, GoalComparison, Outcome } from './document.ts';

/**
 * Marks the primary goal and adjusts the p-values of the family (all goals, all arms) by Holm's rule.
 * Goals without a p-value are no part of the family: they cannot be claimed. `adjustedDifferences` are the same
 * comparisons at Bonferroni's level, in the order of the comparisons.
 */
export function adjustGoals(
    comparisons: readonly Comparison[],
    primary: string | undefined,
    adjustedDifferences: readonly Outcome<Estimate>[],
): GoalComparison[] {
    const fixed = adjust(comparisons.map(decidingPValue));
    const anytime = adjust(comparisons.map(({ anytime: outcome }) => outcome));
    return comparisons.map((comparison, index) => ({
        ...comparison,
        primary: comparison.metric.name === primary,
        adjustedPValue: fixed[index]!,
        adjustedAnytimePValue: anytime[index]!,
        adjustedDifference: adjustedDifferences[index] ?? comparison.difference,
    }));
}

type PValue = Outcome<{ readonly pValue: number }>;

/** Where a cell is too small for the normal approximation the exact p-value decides. */
function decidingPValue({ test, exactPValue }: Comparison): PValue {
    if (test.status !== 'ok') return test;
    return { status: 'ok', pValue: exactPValue ?? test.pValue };
}

function adjust(outcomes: readonly PValue[]): PValue[] {
    const found = outcomes.flatMap((outcome) => (outcome.status === 'ok' ? [outcome.pValue] : []));
    const result = holm(found);
    const adjusted = result.status === 'ok' ? [...result.adjusted] : found;
    return outcomes.map((outcome) => (outcome.status === 'ok' ? { status: 'ok', pValue: adjusted.shift()! } : outcome));
}
