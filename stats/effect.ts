import type { Contrast } from './contrast.ts';
import { type Interval, intervalAround } from './interval.ts';
import { fiellerLift, type Lift } from './lift.ts';

/** The interval of the difference and of the lift at one critical value. */
export interface Effect {
    readonly interval: Interval;
    readonly lift: Lift;
}

/** Both intervals at the same critical value: zero lies inside both or outside both. */
export function effectAt(contrast: Contrast, critical: number): Effect {
    const half = critical * Math.sqrt(contrast.differenceVariance);
    return { interval: intervalAround(contrast.difference, half), lift: fiellerLift(contrast, critical) };
}
