import { describe, expect, it } from 'vitest';
import {
    erfc,
    normalCdf,
    normalCritical,
    normalPdf,
    normalQuantile,
    normalSf,
    normalTwoSided,
    normalUpperQuantile,
} from '#stats/numerics/normal.ts';
import { relativeError } from '../relative-error.ts';

describe('the normal distribution', () => {
    // mpmath 1.4.1 at 60 digits.
    it.each([
        [-3, 1.999977909503],
        [-0.5, 1.52049987781305],
        [1e-9, 0.999999998871621],
        [0.4589, 0.516349620566118],
        [1.9, 0.00720957076474253],
        [2, 0.00467773498104727],
        [5, 1.53745979442803e-12],
        [13.7, 1.26131583374087e-83],
        [20, 5.3958656116079e-176],
        [26, 5.66319240885614e-296],
    ])('erfc(%f)', (x, expected) => {
        expect(relativeError(erfc(x), expected)).toBeLessThan(1e-12);
    });

    // mpmath 1.4.1 at 60 digits.
    it.each([
        [0.3, 0.382088577811047],
        [1.96, 0.0249978951482204],
        [6, 9.86587645037698e-10],
        [8.3, 5.20556974489025e-17],
        [15, 3.67096619931275e-51],
        [30, 4.90671392714819e-198],
        [37, 5.72557122252458e-300],
    ])('P(Z > %f), where 1 - cdf would be 0', (z, expected) => {
        expect(relativeError(normalSf(z), expected)).toBeLessThan(1e-12);
        expect(normalCdf(-z)).toBe(normalSf(z));
        expect(relativeError(normalTwoSided(-z), 2 * expected)).toBeLessThan(1e-12);
    });

    it('has the percentage points of printed tables', () => {
        expect(normalCritical(0.05)).toBeCloseTo(1.95996398454005, 13);
        expect(normalQuantile(0.8)).toBeCloseTo(0.841621233572914, 14);
        expect(normalUpperQuantile(0.001)).toBeCloseTo(3.09023230616781, 14);
        expect(normalQuantile(0.5)).toBeCloseTo(0, 15);
    });

    it.each([0.9999, 0.3, 1e-4, 1e-10, 1e-100, 1e-300])('its quantile undoes its tail at p = %f', (p) => {
        expect(relativeError(normalSf(normalUpperQuantile(p)), p)).toBeLessThan(1e-11);
        expect(normalQuantile(p)).toBe(-normalUpperQuantile(p));
    });

    it('has a density of 1/sqrt(2 pi) exp(-z^2/2)', () => {
        expect(normalPdf(0)).toBeCloseTo(0.398942280401433, 14);
        expect(relativeError(normalPdf(-2), 0.0539909665131881)).toBeLessThan(1e-14);
    });
});
