import type { Estimate } from './estimate.ts';
import { areJointMoments, type JointMoments, marginalX, marginalY, sampleCovariance } from './joint-moments.ts';
import { sampleVariance } from './moments.ts';
import { type Computed, computed } from './result.ts';

export type RatioEstimateResult =
    | Computed<Estimate>
    | { readonly status: 'insufficient_n' | 'undefined_denominator' | 'invalid_input' };

/**
 * A ratio metric, sum of y over sum of x with one (x, y) per unit: bounce rate, duration per session, order value.
 * Variance by the delta method (Deng, Knoblich, Lu, KDD 2018, arXiv:1803.06336).
 */
export function ratioEstimate(joint: JointMoments): RatioEstimateResult {
    if (!areJointMoments(joint)) return { status: 'invalid_input' };
    const { count, meanX, meanY } = joint;
    if (count < 2) return { status: 'insufficient_n' };
    if (meanX === 0) return { status: 'undefined_denominator' };
    const ratio = meanY / meanX;
    const residual =
        sampleVariance(marginalY(joint)) -
        2 * ratio * sampleCovariance(joint) +
        ratio * ratio * sampleVariance(marginalX(joint));
    // The variance of y - ratio x cannot be negative; rounding can make it so when y is proportional to x.
    return computed({ value: ratio, variance: Math.max(0, residual) / (meanX * meanX) / count, count });
}
