import { betaTails } from './incomplete-beta.ts';
import { normalUpperQuantile } from './normal.ts';
import { findRoot } from './root.ts';

/** P(|T| > |t|) for Student's t with `df` > 0 degrees of freedom: I_{df/(df+t^2)}(df/2, 1/2). */
export function studentTwoSided(t: number, df: number): number {
    const square = t * t;
    if (square < df) {
        const r = square / df;
        return betaTails(df / 2, 0.5, 1 / (1 + r), r / (1 + r)).lower;
    }
    const r = df / square;
    return betaTails(df / 2, 0.5, r / (1 + r), 1 / (1 + r)).lower;
}

/** P(T > t), with full relative accuracy in the upper tail. */
export function studentSf(t: number, df: number): number {
    const half = studentTwoSided(t, df) / 2;
    return t < 0 ? 1 - half : half;
}

/** P(T <= t), with full relative accuracy in the lower tail. */
export function studentCdf(t: number, df: number): number {
    return studentSf(-t, df);
}

/** The two-sided critical value: P(|T| > t) = alpha, for 1e-150 < alpha < 1. */
export function studentCritical(alpha: number, df: number): number {
    const target = Math.log(alpha);
    const excess = (t: number): number => Math.log(studentTwoSided(t, df)) - target;
    // Tails of t are heavier than normal ones, so the normal quantile is a lower bracket.
    const low = normalUpperQuantile(alpha / 2);
    let high = Math.max(2 * low, 1e-300);
    while (excess(high) > 0) high *= 2;
    return findRoot(excess, low, high);
}
