import { type Contrast, contrastOf } from './contrast.ts';
import { type Effect, effectAt } from './effect.ts';
import { type Estimate, type EstimateResult, meanEstimate } from './estimate.ts';
import type { JointMoments } from './joint-moments.ts';
import type { Moments } from './moments.ts';
import { studentCritical, studentTwoSided } from './numerics/student.ts';
import { type RatioEstimateResult, ratioEstimate } from './ratio.ts';
import { type Computed, computed, isLevel } from './result.ts';

/** A test of "no effect" and the intervals that go with it. */
export interface Comparison extends Effect {
    readonly contrast: Contrast;
    readonly difference: number;
    readonly standardError: number;
    /** Difference over standard error. */
    readonly statistic: number;
    /** Of Student's t; undefined where the reference distribution is normal. */
    readonly degreesOfFreedom: number | undefined;
    /** The two-sided critical value that made both intervals. */
    readonly critical: number;
    readonly pValue: number;
}

export type ComparisonResult =
    | Computed<Comparison>
    | {
          readonly status: 'insufficient_n' | 'zero_variance' | 'undefined_denominator' | 'invalid_input';
      };

/** Welch's t test of two arms' means at two-sided level alpha. */
export function compareMeans(control: Moments, treatment: Moments, alpha: number): ComparisonResult {
    return compareResults(meanEstimate(control), meanEstimate(treatment), alpha);
}

/** Welch's t test of two arms' ratio metrics (y summed over x summed), units being the rows. */
export function compareRatios(control: JointMoments, treatment: JointMoments, alpha: number): ComparisonResult {
    return compareResults(ratioEstimate(control), ratioEstimate(treatment), alpha);
}

function compareResults(
    control: EstimateResult | RatioEstimateResult,
    treatment: EstimateResult | RatioEstimateResult,
    alpha: number,
): ComparisonResult {
    if (control.status !== 'ok') return control;
    if (treatment.status !== 'ok') return treatment;
    return compareEstimates(control, treatment, alpha);
}

/** Welch's t test (Biometrika 34, 1947) of two independent estimates at two-sided level alpha. */
export function compareEstimates(control: Estimate, treatment: Estimate, alpha: number): ComparisonResult {
    if (!isLevel(alpha)) return { status: 'invalid_input' };
    if (control.count < 2 || treatment.count < 2) return { status: 'insufficient_n' };
    const contrast = contrastOf(control, treatment);
    if (contrast.differenceVariance === 0) return { status: 'zero_variance' };
    const degreesOfFreedom = welchDegreesOfFreedom(control, treatment);
    const standardError = Math.sqrt(contrast.differenceVariance);
    const statistic = contrast.difference / standardError;
    const critical = studentCritical(alpha, degreesOfFreedom);
    return computed({
        contrast,
        difference: contrast.difference,
        standardError,
        statistic,
        degreesOfFreedom,
        critical,
        pValue: studentTwoSided(statistic, degreesOfFreedom),
        ...effectAt(contrast, critical),
    });
}

/** The Welch-Satterthwaite degrees of freedom; the variance shares keep tiny and huge variances in range. */
export function welchDegreesOfFreedom(control: Estimate, treatment: Estimate): number {
    const total = control.variance + treatment.variance;
    const c = control.variance / total;
    const t = treatment.variance / total;
    return 1 / ((c * c) / (control.count - 1) + (t * t) / (treatment.count - 1));
}
