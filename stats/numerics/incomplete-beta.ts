import { deviance, stirlingRemainder } from './gamma.ts';
import type { Tails } from './incomplete-gamma.ts';

const MAX_TERMS = 1_000_000;

/** x^a y^b / B(a, b), by deviances: a + b = s, so the two exponents are k ln(k/m) + m - k with m = s x and s y. */
function powerTerm(a: number, b: number, x: number, y: number): number {
    const s = a + b;
    const excess = x * b - y * a;
    const exponent = deviance(a, s * x, excess) + deviance(b, s * y, -excess);
    const remainders = stirlingRemainder(a) + stirlingRemainder(b) - stirlingRemainder(s);
    return Math.sqrt((a / s) * (b / (2 * Math.PI))) * Math.exp(-exponent - remainders);
}

/**
 * I_x(a, b) for x below the mean, by the continued fraction of DiDonato & Morris (ACM TOMS 18, 1992, equation 9).
 * It needs only a y - b x, where the classical fraction subtracts numbers that agree in all digits when a is huge.
 */
function lowerFraction(a: number, b: number, x: number, y: number): number {
    const gap = a * y - b * x + 1;
    let c = (a * gap) / (a + 1);
    let d = 0;
    let fraction = c;
    for (let m = 1; m < MAX_TERMS; m++) {
        const scale = a + 2 * m - 1;
        const numerator = ((a + m - 1) / scale) * ((a + b + m - 1) / scale) * m * (b - m) * x * x;
        const denominator = m + (m * (b - m) * x) / scale + ((a + m) * (gap + m * (2 - x))) / (scale + 2);
        d = 1 / (denominator + numerator * d);
        c = denominator + numerator / c;
        fraction *= c * d;
        if (Math.abs(c * d - 1) < 2 * Number.EPSILON) break;
    }
    return powerTerm(a, b, x, y) / fraction;
}

/**
 * The regularised incomplete beta function I_x(a, b) (lower) and its complement (upper) for a, b > 0 and
 * 0 <= x <= 1. `y` is 1 - x: callers who know it better than the subtraction does pass it.
 */
export function betaTails(a: number, b: number, x: number, y: number = 1 - x): Tails {
    if (x <= 0) return { lower: 0, upper: 1 };
    if (y <= 0) return { lower: 1, upper: 0 };
    if (x * (b + 1) <= y * (a + 1)) {
        const lower = lowerFraction(a, b, x, y);
        return { lower, upper: 1 - lower };
    }
    const upper = lowerFraction(b, a, y, x);
    return { lower: 1 - upper, upper };
}

/** P(X > x) for an F variable with (df1, df2) degrees of freedom. */
export function fSf(x: number, df1: number, df2: number): number {
    if (x <= 0) return 1;
    const share = df2 / (df1 * x);
    return betaTails(df2 / 2, df1 / 2, share / (1 + share), 1 / (1 + share)).lower;
}
