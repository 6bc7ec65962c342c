import type { Proportion } from './estimate.ts';
import type { Interval } from './interval.ts';
import { findRoot } from './numerics/root.ts';

/** x/p as a derivative of x ln p: no successes pull nowhere, even at p = 0. */
function pull(count: number, probability: number): number {
    return count === 0 ? 0 : count / probability;
}

/** The likeliest control rate if the treatment rate is exactly `delta` higher. */
function restrictedControlRate(control: Proportion, treatment: Proportion, delta: number): number {
    const slope = (p: number): number =>
        pull(control.successes, p) -
        pull(control.trials - control.successes, 1 - p) +
        pull(treatment.successes, Math.max(0, p + delta)) -
        pull(treatment.trials - treatment.successes, Math.max(0, 1 - p - delta));
    return findRoot(slope, Math.max(0, -delta), Math.min(1, 1 - delta));
}

/**
 * The score statistic of "treatment rate - control rate = delta" (Mee 1984; Farrington & Manning 1990): its
 * variance is that of the likeliest rates under the hypothesis. At delta = 0 it is the pooled z.
 */
export function differenceScore(control: Proportion, treatment: Proportion, delta: number): number {
    const distance = treatment.successes / treatment.trials - control.successes / control.trials - delta;
    if (distance === 0) return 0;
    const pc = restrictedControlRate(control, treatment, delta);
    const pt = Math.min(1, Math.max(0, pc + delta));
    return distance / Math.sqrt((pt * (1 - pt)) / treatment.trials + (pc * (1 - pc)) / control.trials);
}

/**
 * Mee's interval: the differences the score test does not reject at `critical`. Zero is inside exactly when the
 * pooled z test does not reject. Both arms need a trial.
 */
export function scoreDifferenceInterval(control: Proportion, treatment: Proportion, critical: number): Interval {
    const difference = treatment.successes / treatment.trials - control.successes / control.trials;
    const limit = (end: number): number => {
        const target = end < 0 ? critical : -critical;
        // The score falls from +infinity to -infinity as delta goes from -1 to 1.
        return findRoot((delta) => differenceScore(control, treatment, delta) - target, end, difference);
    };
    return { lower: limit(-1), upper: limit(1) };
}
