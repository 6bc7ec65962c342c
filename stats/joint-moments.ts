import { areMoments, type Moments, mergeMoments } from './moments.ts';

/**
 * Mergeable moments of a pair of variables per unit: y is the metric, x its denominator (ratio metrics) or its
 * covariate (regression adjustment). `comoment` is the sum of products of deviations.
 */
export interface JointMoments {
    readonly count: number;
    readonly meanX: number;
    readonly m2X: number;
    readonly meanY: number;
    readonly m2Y: number;
    readonly comoment: number;
}

/** The joint moments of nothing: the neutral element of `mergeJointMoments`. */
export const NO_JOINT_MOMENTS: JointMoments = { count: 0, meanX: 0, m2X: 0, meanY: 0, m2Y: 0, comoment: 0 };

/** The pair of variables as one row. */
export interface Pair {
    readonly x: number;
    readonly y: number;
}

/** Joint moments of a list of finite pairs, in one pass. */
export function jointMomentsOf(pairs: Iterable<Pair>): JointMoments {
    let [count, meanX, m2X, meanY, m2Y, comoment] = [0, 0, 0, 0, 0, 0];
    for (const { x, y } of pairs) {
        count += 1;
        const deltaX = x - meanX;
        const deltaY = y - meanY;
        meanX += deltaX / count;
        meanY += deltaY / count;
        m2X += deltaX * (x - meanX);
        m2Y += deltaY * (y - meanY);
        comoment += deltaX * (y - meanY);
    }
    return { count, meanX, m2X, meanY, m2Y, comoment };
}

/** From the sample covariance (divisor n - 1; null or undefined below two rows) and the moments of each variable. */
export function jointMomentsFrom(x: Moments, y: Moments, covariance: number | null | undefined): JointMoments {
    const comoment = y.count > 1 ? (covariance ?? 0) * (y.count - 1) : 0;
    return { count: y.count, meanX: x.mean, m2X: x.m2, meanY: y.mean, m2Y: y.m2, comoment };
}

/** The joint moments of both groups together (Chan et al. 1979, for the cross term too). */
export function mergeJointMoments(a: JointMoments, b: JointMoments): JointMoments {
    if (a.count === 0) return b;
    if (b.count === 0) return a;
    const x = mergeMoments(marginalX(a), marginalX(b));
    const y = mergeMoments(marginalY(a), marginalY(b));
    const weight = (a.count * b.count) / x.count;
    const comoment = a.comoment + b.comoment + (b.meanX - a.meanX) * (b.meanY - a.meanY) * weight;
    return { count: x.count, meanX: x.mean, m2X: x.m2, meanY: y.mean, m2Y: y.m2, comoment };
}

/** Moments of the denominator or covariate alone. */
export function marginalX({ count, meanX, m2X }: JointMoments): Moments {
    return { count, mean: meanX, m2: m2X };
}

/** Moments of the metric alone. */
export function marginalY({ count, meanY, m2Y }: JointMoments): Moments {
    return { count, mean: meanY, m2: m2Y };
}

/** The sample covariance (divisor n - 1); 0 below two pairs. */
export function sampleCovariance({ count, comoment }: JointMoments): number {
    return count > 1 ? comoment / (count - 1) : 0;
}

/** Whether the six numbers can be the moments of real data (Cauchy-Schwarz with room for rounding). */
export function areJointMoments(joint: JointMoments): boolean {
    if (!areMoments(marginalX(joint)) || !areMoments(marginalY(joint))) return false;
    return Math.abs(joint.comoment) <= Math.sqrt(joint.m2X) * Math.sqrt(joint.m2Y) * (1 + 1e-6) + Number.MIN_VALUE;
}
