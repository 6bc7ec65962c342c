import type { Proportion } from './estimate.ts';
import type { Lift } from './lift.ts';
import { findRoot } from './numerics/root.ts';

/** The likeliest control rate if the treatment rate is exactly `ratio` times it. */
function restrictedControlRate(control: Proportion, treatment: Proportion, ratio: number): number {
    const failures = control.trials - control.successes;
    const treatmentFailures = treatment.trials - treatment.successes;
    const slope = (p: number): number => {
        const successes = (control.successes + treatment.successes) / p;
        const pulledDown = failures === 0 ? 0 : failures / (1 - p);
        const alsoDown = treatmentFailures === 0 ? 0 : (ratio * treatmentFailures) / Math.max(0, 1 - ratio * p);
        return successes - pulledDown - alsoDown;
    };
    return findRoot(slope, 0, Math.min(1, 1 / ratio));
}

/** The score statistic of "treatment rate = ratio x control rate" (Koopman, Biometrics 40, 1984). */
export function ratioScore(control: Proportion, treatment: Proportion, ratio: number): number {
    const distance = treatment.successes / treatment.trials - (ratio * control.successes) / control.trials;
    if (distance === 0) return 0;
    const pc = restrictedControlRate(control, treatment, ratio);
    const pt = Math.min(1, ratio * pc);
    const variance = (pt * (1 - pt)) / treatment.trials + (ratio * ratio * pc * (1 - pc)) / control.trials;
    return distance / Math.sqrt(variance);
}

/**
 * Koopman's interval of the rate ratio, as a lift: zero is inside exactly when the pooled z test does not reject.
 * Both arms need a trial.
 */
export function scoreLift(control: Proportion, treatment: Proportion, critical: number): Lift {
    const [pc, pt] = [control.successes / control.trials, treatment.successes / treatment.trials];
    if (pc === 0) return { status: 'zero_baseline' };
    const ratio = pt / pc;
    // Without treatment successes the score starts from 0 at ratio 0: begin where it has not moved yet.
    const start = ratio > 0 ? Math.log(ratio) : Math.log(Number.MIN_VALUE) / 20;
    const limit = (direction: number): number => {
        const excess = (ln: number): number => direction * ratioScore(control, treatment, Math.exp(ln)) + critical;
        let [near, far] = [start, start + direction];
        while (excess(far) > 0) [near, far] = [far, far + direction];
        return Math.exp(findRoot(excess, near, far));
    };
    return { status: 'ok', lift: (pt - pc) / pc, lower: ratio === 0 ? -1 : limit(-1) - 1, upper: limit(1) - 1 };
}
