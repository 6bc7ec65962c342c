import { deviance, stirlingRemainder } from './gamma.ts';

/** Both tails of a distribution function; the smaller one is computed directly, never as 1 minus the other. */
export interface Tails {
    readonly lower: number;
    readonly upper: number;
}

const MAX_TERMS = 1_000_000;

/** x^a e^-x / gamma(a). */
function powerTerm(a: number, x: number): number {
    return Math.sqrt(a / (2 * Math.PI)) * Math.exp(-deviance(a, x, x - a) - stirlingRemainder(a));
}

function lowerSeries(a: number, x: number): number {
    let term = 1 / a;
    let sum = term;
    for (let n = 1; n < MAX_TERMS && term > sum * 1e-17; n++) {
        term *= x / (a + n);
        sum += term;
    }
    return powerTerm(a, x) * sum;
}

/** Legendre's continued fraction (Abramowitz & Stegun 6.5.31, contracted) by Lentz's method. */
function upperFraction(a: number, x: number): number {
    let b = x + 1 - a;
    let c = Number.MAX_VALUE;
    let d = 1 / b;
    let fraction = d;
    for (let n = 1; n < MAX_TERMS; n++) {
        const an = -n * (n - a);
        b += 2;
        d = 1 / (an * d + b);
        c = b + an / c;
        const factor = c * d;
        fraction *= factor;
        if (Math.abs(factor - 1) < 2 * Number.EPSILON) break;
    }
    return powerTerm(a, x) * fraction;
}

/** The regularised incomplete gamma functions P(a, x) (lower) and Q(a, x) (upper) for a > 0, x >= 0. */
export function gammaTails(a: number, x: number): Tails {
    if (x <= 0) return { lower: 0, upper: 1 };
    if (x < a + 1) {
        const lower = lowerSeries(a, x);
        return { lower, upper: 1 - lower };
    }
    const upper = upperFraction(a, x);
    return { lower: 1 - upper, upper };
}

/** P(X > x) for a chi-square variable with `df` degrees of freedom. */
export function chiSquareSf(x: number, df: number): number {
    return gammaTails(df / 2, x / 2).upper;
}

/** P(X <= x) for a chi-square variable with `df` degrees of freedom. */
export function chiSquareCdf(x: number, df: number): number {
    return gammaTails(df / 2, x / 2).lower;
}
