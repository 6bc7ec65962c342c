import { anytimeTest } from '#stats/anytime.ts';
import type { compareMeans, Comparison as WelchComparison } from '#stats/welch.ts';
import { anytimePlanOf } from '../anytime.ts';
import type { GoalComparison, IntervalKind } from '../document.ts';
import type { Metric } from '../metrics.ts';
import { liftOutcome, missingBecause, type StatsTrouble } from '../outcome.ts';
import type { ExperimentPlan } from '../plan.ts';
import type { Reading } from './document.ts';

/** How readings are read: the plan, and which intervals may be shown now. */
export interface ReadingTerms {
    readonly plan: ExperimentPlan;
    readonly kind: IntervalKind;
}

/** A comparison of other numbers of the same goal, beside the comparison it replaces. */
export function readingOf(
    terms: ReadingTerms,
    { metric, control, treatment, difference }: GoalComparison,
    whole: ReturnType<typeof compareMeans>,
    found: ReturnType<typeof compareMeans>,
): Pick<Reading, 'outcome' | 'varianceReduction' | 'flags'> {
    const units = [control.units, treatment.units];
    if (found.status !== 'ok') {
        const outcome = missingBecause(found.status as StatsTrouble, metric, units);
        return { outcome, varianceReduction: null, flags: [] };
    }
    const isFlipped = difference.status === 'ok' && difference.value * found.difference < 0;
    return {
        outcome: outcomeOf(terms, metric, found, control.units + treatment.units),
        varianceReduction: whole.status === 'ok' ? 1 - (found.standardError / whole.standardError) ** 2 : null,
        flags: isFlipped ? ['sign_flip'] : [],
    };
}

/** A reading's numbers, at the critical value that may be read now: equal for its difference, lift and p. */
export function outcomeOf(
    { plan, kind }: ReadingTerms,
    metric: Metric,
    found: WelchComparison,
    units: number,
): Reading['outcome'] {
    const anytime =
        kind === 'anytime' ? anytimeTest({ contrast: found.contrast, units }, anytimePlanOf(plan)) : undefined;
    if (anytime !== undefined && anytime.status !== 'ok') return missingBecause(anytime.status, metric, [units]);
    const { interval, lift, pValue } = anytime ?? found;
    return {
        status: 'ok',
        difference: { value: found.difference, low: interval.lower, high: interval.upper },
        lift: liftOutcome(metric, lift),
        pValue,
    };
}
