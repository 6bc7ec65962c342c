import type { Lift } from '#stats/lift.ts';
import type { Estimate, Missing, Outcome, Trouble } from './document.ts';
import type { Metric } from './metrics.ts';

/** Everything a function of the statistics can answer instead of a number. */
export type StatsTrouble =
    | 'insufficient_n'
    | 'zero_variance'
    | 'zero_baseline'
    | 'undefined_denominator'
    | 'unbounded'
    | 'invalid_input'
    | 'overflow';

/** A missing number with its reason. */
export function missing(status: Trouble, why: string): Missing {
    return { status, why };
}

/** The reason, in the words of this metric, why the statistics gave no number. */
export function missingBecause(trouble: StatsTrouble, metric: Metric, units: readonly number[]): Missing {
    switch (trouble) {
        case 'insufficient_n':
            return units.includes(0)
                ? missing('no_units', 'One arm has no users with this metric yet.')
                : missing('too_few_units', 'Needs at least two users in each arm.');
        case 'zero_variance':
            return metric.kind === 'proportion'
                ? missing('no_conversions', 'All users did the same in both arms, so there is nothing to test.')
                : missing('no_variation', 'All users have the same value, so there is nothing to test.');
        case 'zero_baseline':
            return missing('no_baseline', 'Control is zero: no relative change exists.');
        case 'undefined_denominator':
            return missing('undefined_denominator', 'An arm has nothing to divide by.');
        case 'unbounded':
            return missing('unbounded', 'Control is too uncertain for a relative change; read the absolute one.');
        case 'invalid_input':
        case 'overflow':
            return missing('invalid_input', 'The input moments are not those of real data; check the mart.');
    }
}

/** A lift of the statistics in the document's terms. */
export function liftOutcome(metric: Metric, lift: Lift): Outcome<Estimate> {
    if (lift.status !== 'ok') return missingBecause(lift.status, metric, []);
    return { status: 'ok', value: lift.lift, low: lift.lower, high: lift.upper };
}
