import { areMoments, type Moments, sampleVariance } from './moments.ts';
import { type Computed, computed, isCount } from './result.ts';

/** One arm's value of a metric. */
export interface Estimate {
    readonly value: number;
    /** Of the value, not of one unit: s^2 / n. */
    readonly variance: number;
    /** Units behind it. */
    readonly count: number;
}

/** Successes out of trials, one trial a unit. */
export interface Proportion {
    readonly successes: number;
    readonly trials: number;
}

export type EstimateResult = Computed<Estimate> | { readonly status: 'insufficient_n' | 'invalid_input' };

/** The mean of one row per unit; needs two units. */
export function meanEstimate(moments: Moments): EstimateResult {
    if (!areMoments(moments)) return { status: 'invalid_input' };
    const { count, mean } = moments;
    if (count < 2) return { status: 'insufficient_n' };
    return computed({ value: mean, variance: sampleVariance(moments) / count, count });
}

/** The rate of units with a success, with variance p (1 - p) / n; needs one unit. */
export function proportionEstimate(proportion: Proportion): EstimateResult {
    if (!isProportion(proportion)) return { status: 'invalid_input' };
    const { successes, trials } = proportion;
    if (trials === 0) return { status: 'insufficient_n' };
    const value = successes / trials;
    return computed({ value, variance: (value * ((trials - successes) / trials)) / trials, count: trials });
}

/** Whether both are counts and the successes are among the trials. */
export function isProportion({ successes, trials }: Proportion): boolean {
    return isCount(successes) && isCount(trials) && successes <= trials;
}
