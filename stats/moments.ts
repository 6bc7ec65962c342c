/**
 * Mergeable first and second moments of one variable. `m2` is the sum of squared deviations from the mean, so
 * nothing is lost where a raw sum of squares would drown the variance (values near 1e9 that differ by 1).
 */
export interface Moments {
    readonly count: number;
    readonly mean: number;
    readonly m2: number;
}

/** The moments of nothing: the neutral element of `mergeMoments`. */
export const NO_MOMENTS: Moments = { count: 0, mean: 0, m2: 0 };

/** Moments of a list of finite values, in one pass (Welford 1962). */
export function momentsOf(values: Iterable<number>): Moments {
    let [count, mean, m2] = [0, 0, 0];
    for (const value of values) {
        count += 1;
        const delta = value - mean;
        mean += delta / count;
        m2 += delta * (value - mean);
    }
    return { count, mean, m2 };
}

/** From what SQL engines aggregate: `count(y)`, `avg(y)`, `var_samp(y)` (null or undefined below two rows). */
export function momentsFromVariance(count: number, mean: number, variance: number | null | undefined): Moments {
    if (count === 0) return NO_MOMENTS;
    return { count, mean, m2: count > 1 ? (variance ?? 0) * (count - 1) : 0 };
}

/** The moments of both groups together (Chan, Golub, LeVeque 1979). Associative and commutative up to rounding. */
export function mergeMoments(a: Moments, b: Moments): Moments {
    if (a.count === 0) return b;
    if (b.count === 0) return a;
    const count = a.count + b.count;
    const share = b.count / count;
    const delta = b.mean - a.mean;
    return { count, mean: a.mean + delta * share, m2: a.m2 + b.m2 + delta * delta * a.count * share };
}

/** The sample variance (divisor n - 1); 0 below two values. */
export function sampleVariance(moments: Moments): number {
    return moments.count > 1 ? moments.m2 / (moments.count - 1) : 0;
}

/** Whether the three numbers can be the moments of real data. */
export function areMoments({ count, mean, m2 }: Moments): boolean {
    return Number.isSafeInteger(count) && count >= 0 && Number.isFinite(mean) && Number.isFinite(m2) && m2 >= 0;
}
