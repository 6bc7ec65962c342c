import { isProportion, type Proportion } from './estimate.ts';
import type { Interval } from './interval.ts';
import { normalCritical } from './numerics/normal.ts';
import { type Computed, computed, isLevel } from './result.ts';

export type WilsonResult = Computed<Interval> | { readonly status: 'insufficient_n' | 'invalid_input' };

/** Wilson's score interval of one rate (J. Am. Stat. Assoc. 22, 1927) at confidence 1 - alpha. */
export function wilsonInterval(proportion: Proportion, alpha: number): WilsonResult {
    if (!isProportion(proportion) || !isLevel(alpha)) return { status: 'invalid_input' };
    if (proportion.trials === 0) return { status: 'insufficient_n' };
    return computed(wilsonAt(proportion, normalCritical(alpha)));
}

/** The same at a given critical value, for one trial or more. */
export function wilsonAt({ successes, trials }: Proportion, critical: number): Interval {
    const p = successes / trials;
    const square = critical * critical;
    const scale = 1 + square / trials;
    const centre = (p + square / (2 * trials)) / scale;
    const half = (critical * Math.sqrt((p * (1 - p)) / trials + square / (4 * trials * trials))) / scale;
    return {
        lower: successes === 0 ? 0 : Math.max(0, centre - half),
        upper: successes === trials ? 1 : Math.min(1, centre + half),
    };
}
