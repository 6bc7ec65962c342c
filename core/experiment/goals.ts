import { holm } from '#stats/multiplicity.ts';
import type { Comparison, GoalComparison, Outcome } from './document.ts';

/**
 * Marks the primary goal and adjusts the p-values of the family (all goals, all arms) by Holm's rule.
 * Goals without a p-value are no part of the family: they cannot be claimed. `more` is what each
 * comparison gets from the plan, in their order.
 */
export function adjustGoals(
    comparisons: readonly Comparison[],
    primary: string | undefined,
    more: readonly Pick<GoalComparison, 'adjustedDifference' | 'powerAtMinimumLift'>[],
): GoalComparison[] {
    const fixed = adjust(comparisons.map(decidingPValue));
    const anytime = adjust(comparisons.map(({ anytime: outcome }) => outcome));
    return comparisons.map((comparison, index) => ({
        ...comparison,
        primary: comparison.metric.name === primary,
        adjustedPValue: fixed[index]!,
        adjustedAnytimePValue: anytime[index]!,
        ...more[index]!,
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
