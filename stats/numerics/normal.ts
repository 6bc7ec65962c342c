import { findRoot } from './root.ts';

const SQRT_2 = Math.SQRT2;
const SQRT_PI = 1.772453850905516;
const INV_SQRT_2PI = 0.3989422804014327;

/** exp(-x^2) with the rounding error of the square removed, which matters where x^2 is in the hundreds. */
function expMinusSquare(x: number): number {
    const head = Math.trunc(x * 16) / 16;
    return Math.exp(-head * head) * Math.exp(-(x - head) * (x + head));
}

/** Abramowitz & Stegun 7.1.6; for 0 <= x < 2. */
function erfSeries(x: number): number {
    let term = x;
    let sum = x;
    for (let n = 1; term > sum * 1e-17; n++) {
        term *= (2 * x * x) / (2 * n + 1);
        sum += term;
    }
    return (2 / SQRT_PI) * expMinusSquare(x) * sum;
}

/** Laplace's continued fraction (Abramowitz & Stegun 7.1.14), from the bottom up; for x >= 2. */
function erfcFraction(x: number): number {
    let fraction = x;
    for (let k = Math.ceil(20 + 400 / (x * x)); k >= 1; k--) fraction = x + k / 2 / fraction;
    return expMinusSquare(x) / (SQRT_PI * fraction);
}

/** The complementary error function, relative error below 1e-12 on both sides until it underflows beyond x = 26.5. */
export function erfc(x: number): number {
    if (x < 0) return 2 - erfc(-x);
    return x < 2 ? 1 - erfSeries(x) : erfcFraction(x);
}

/** Standard normal density. */
export function normalPdf(z: number): number {
    return INV_SQRT_2PI * expMinusSquare(Math.abs(z) / SQRT_2);
}

/** P(Z <= z), with full relative accuracy in the lower tail. */
export function normalCdf(z: number): number {
    return 0.5 * erfc(-z / SQRT_2);
}

/** P(Z > z), with full relative accuracy in the upper tail. */
export function normalSf(z: number): number {
    return 0.5 * erfc(z / SQRT_2);
}

/** P(|Z| > |z|). */
export function normalTwoSided(z: number): number {
    return erfc(Math.abs(z) / SQRT_2);
}

/** The z with P(Z > z) = p, for 0 < p < 1; from p = 1e-300 up. */
export function normalUpperQuantile(p: number): number {
    if (p > 0.5) return -normalUpperQuantile(1 - p);
    if (p === 0.5) return 0;
    const bound = Math.sqrt(-2 * Math.log(2 * p));
    return findRoot((z) => Math.log(normalSf(z) / p), 0, Math.min(bound, 38));
}

/** The z with P(Z <= z) = p, for 0 < p < 1. */
export function normalQuantile(p: number): number {
    return -normalUpperQuantile(p);
}

/** The two-sided critical value: P(|Z| > z) = alpha, for 0 < alpha < 1. */
export function normalCritical(alpha: number): number {
    return normalUpperQuantile(alpha / 2);
}
