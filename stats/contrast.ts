import type { Estimate } from './estimate.ts';

/**
 * Treatment minus control together with the baseline the lift is relative to, and their joint variance. Every
 * interval and test of an effect (fixed, anytime, group sequential, guardrail) is made from one contrast and one
 * critical value, which is why they cannot contradict each other.
 */
export interface Contrast {
    readonly difference: number;
    readonly baseline: number;
    readonly differenceVariance: number;
    readonly baselineVariance: number;
    /** Between difference and baseline; minus the baseline's variance when the arms are independent. */
    readonly covariance: number;
}

/** The contrast of two independent arms. */
export function contrastOf(control: Estimate, treatment: Estimate): Contrast {
    return {
        difference: treatment.value - control.value,
        baseline: control.value,
        differenceVariance: treatment.variance + control.variance,
        baselineVariance: control.variance,
        covariance: -control.variance,
    };
}
