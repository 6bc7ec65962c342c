import { type CovarianceMoments, comomentOf } from './covariance-moments.ts';
import { type CupedOptions, type CupedResult, cupedComparison } from './cuped.ts';
import type { JointMoments } from './joint-moments.ts';

/**
 * CUPED of a ratio metric. The four variables per unit, in this order: numerator, denominator, and the same two
 * before exposure. Each ratio is replaced by its linearisation, after which the problem is that of means.
 */
export function ratioCupedComparison(
    control: CovarianceMoments,
    treatment: CovarianceMoments,
    options: CupedOptions,
): CupedResult {
    if (!areFour(control) || !areFour(treatment)) return { status: 'invalid_input' };
    if ([control, treatment].some(({ means }) => means[1] === 0 || means[3] === 0)) {
        return { status: 'undefined_denominator' };
    }
    return cupedComparison(linearised(control), linearised(treatment), options);
}

function areFour({ means, comoments }: CovarianceMoments): boolean {
    return means.length === 4 && comoments.length === 4 && comoments.every((row) => row.length === 4);
}

/**
 * The joint moments of (numerator - R denominator) / mean denominator for the ratio (y) and the one before exposure
 * (x), shifted so that their means are the two ratios: the delta method's first-order variable.
 */
function linearised(arm: CovarianceMoments): JointMoments {
    const [m, d, m0, d0] = arm.means as [number, number, number, number];
    const y = [1 / d, -m / (d * d), 0, 0];
    const x = [0, 0, 1 / d0, -m0 / (d0 * d0)];
    return {
        count: arm.count,
        meanX: m0 / d0,
        m2X: Math.max(0, comomentOf(arm, x, x)),
        meanY: m / d,
        m2Y: Math.max(0, comomentOf(arm, y, y)),
        comoment: comomentOf(arm, x, y),
    };
}
