import type { Comparison, Estimate, ExperimentAnalysis, IntervalKind, Outcome } from './document.ts';
import type { ExperimentPlan } from './plan.ts';
import { plannedLooks } from './planned-looks.ts';

/** Whether the fixed-size test may be read: a size was planned and is reached, or there is only one look at all. */
export function isPlannedSizeReached(plan: ExperimentPlan, units: number): boolean {
    if (plan.looks.kind === 'once') return true;
    return plan.plannedUnits !== null && units >= plan.plannedUnits;
}

/**
 * Which intervals may be read with `units` users. Before the planned size those that stay right at any number of looks:
 * a fixed one looked at every day finds effects that are not there. With looks at planned sizes, from the first of them
 * on, the fixed ones at the level of the last look reached.
 */
export function intervalsOf(plan: ExperimentPlan, units: number): ExperimentAnalysis['intervals'] {
    const level = plannedLooks(plan, units, 1)?.level ?? null;
    if (level !== null) return { kind: 'fixed', alpha: level };
    return { kind: isPlannedSizeReached(plan, units) ? 'fixed' : 'anytime', alpha: plan.alpha };
}

/** What a comparison says to a reader at this moment. */
export interface Shown {
    readonly difference: Outcome<Estimate>;
    readonly lift: Outcome<Estimate>;
    readonly test: Outcome<{ readonly pValue: number }>;
}

/** The intervals and the p-value of a comparison that may be read now. */
export function shownOf(comparison: Comparison, kind: IntervalKind): Shown {
    const { difference, lift, test, anytime, anytimeLift } = comparison;
    if (kind === 'fixed') return { difference, lift, test };
    // Where there is nothing to compare at all, the reason of that says more than that of the sequence.
    if (difference.status !== 'ok') return { difference, lift, test };
    return { difference: anytime, lift: lift.status === 'ok' ? anytimeLift : lift, test: anytime };
}
