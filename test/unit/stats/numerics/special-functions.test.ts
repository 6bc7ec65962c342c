import { describe, expect, it } from 'vitest';
import { deviance, lnBeta, lnGamma, stirlingRemainder } from '#stats/numerics/gamma.ts';
import { betaTails, fSf } from '#stats/numerics/incomplete-beta.ts';
import { chiSquareCdf, chiSquareSf, gammaTails } from '#stats/numerics/incomplete-gamma.ts';
import { relativeError } from '../relative-error.ts';

// Reference numbers: mpmath 1.4.1 at 60 to 340 digits, printed to 17.
const EXACT = 1e-12;

describe('ln gamma and ln beta', () => {
    it.each([
        [0.001, 6.90717888538385],
        [0.5, 0.5723649429247],
        [3.5, 1.20097360234707],
        [9.99, 12.7793152143502],
        [123.4, 469.336097442191],
        [1e6, 12815504.5691476],
        [1e12, 26631021115915.7],
    ])('ln gamma(%f)', (x, expected) => {
        expect(relativeError(lnGamma(x), expected)).toBeLessThan(EXACT);
    });

    it.each([
        [0.5, 0.5, 1.1447298858494],
        [2, 3, -2.484906649788],
        [1e6, 0.5, -6.33539021105744],
        [1e9, 0.5, -9.78926797542351],
        [3e4, 200, -1204.51873011704],
        [1e6, 1e6, -1386300.00336292],
    ])('ln B(%f, %f) keeps its digits where the gammas are huge', (a, b, expected) => {
        expect(relativeError(lnBeta(a, b), expected)).toBeLessThan(EXACT);
        expect(lnBeta(b, a)).toBe(lnBeta(a, b));
    });

    it('completes Stirling’s formula on both sides of the switch to the series', () => {
        const stirling = (x: number): number => (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI);

        for (const x of [0.3, 5, 9.999, 10.001, 40]) {
            expect(stirling(x) + stirlingRemainder(x)).toBeCloseTo(lnGamma(x), 12);
        }
    });

    it('computes a deviance without cancellation when observed and expected almost agree', () => {
        // k ln(k/m) + m - k with m = k (1 + u) is k (u^2/2 - u^3/3 + ...).
        expect(relativeError(deviance(1e8, 1e8 + 1, 1), 1e8 * (1e-16 / 2 - 1e-24 / 3))).toBeLessThan(1e-12);
        expect(deviance(5, 5, 0)).toBeCloseTo(0, 15);
    });
});

describe('incomplete gamma', () => {
    it.each([
        [0.5, 0.001, 0.0356705917296799, 0.96432940827032],
        [0.5, 1.2, 0.878664749641518, 0.121335250358482],
        [0.5, 30, 0.999999999999991, 9.48573757107385e-15],
        [1, 700, 1.0, 9.85967654375977e-305],
        [4, 0.01, 4.13347182626334e-10, 0.999999999586653],
        [10, 2.5, 0.000277352094620836, 0.999722647905379],
        [10, 60, 1.0, 2.85150775555202e-16],
        [100, 40, 1.20625420530865e-15, 0.999999999999999],
        [100, 100, 0.513298798279149, 0.486701201720851],
        [100, 400, 1.0, 1.0943747087347e-72],
        [1e4, 9e3, 2.07329920243393e-25, 1.0],
        [1e4, 1.2e4, 1.0, 3.32720249234516e-79],
    ])('P and Q(%f, %f), both tails directly', (a, x, lower, upper) => {
        const tails = gammaTails(a, x);

        expect(relativeError(tails.lower, lower)).toBeLessThan(EXACT);
        expect(relativeError(tails.upper, upper)).toBeLessThan(EXACT);
    });

    it('has no mass below zero', () => {
        expect(gammaTails(3, 0)).toEqual({ lower: 0, upper: 1 });
    });

    it('gives the chi-square percentage points of printed tables (5 % with 1, 10 and 100 degrees of freedom)', () => {
        expect(chiSquareSf(3.841, 1)).toBeCloseTo(0.05, 4);
        expect(chiSquareSf(18.307, 10)).toBeCloseTo(0.05, 5);
        expect(chiSquareSf(124.342, 100)).toBeCloseTo(0.05, 5);
        expect(chiSquareCdf(3.94, 10)).toBeCloseTo(0.05, 4);
    });
});

describe('incomplete beta', () => {
    it.each([
        [0.5, 0.5, 0.25, 0.333333333333333, 0.666666666666667],
        [1, 3, 0.9, 0.999, 0.000999999999999999],
        [5.5, 0.5, 0.01, 2.36174148525363e-12, 0.999999999997638],
        [20, 30, 0.4, 0.507700199657648, 0.492299800342352],
        [20, 30, 0.99, 1.0, 1.56716431618731e-47],
        [300, 700.5, 0.1, 6.01645913965352e-69, 1.0],
        [300, 700.5, 0.59, 1.0, 4.79701727246737e-77],
        [3000, 20000, 0.13, 0.42420513861087, 0.57579486138913],
    ])('I_x(%f, %f) at %f, both tails directly', (a, b, x, lower, upper) => {
        const tails = betaTails(a, b, x);

        expect(relativeError(tails.lower, lower)).toBeLessThan(EXACT);
        expect(relativeError(tails.upper, upper)).toBeLessThan(EXACT);
    });

    it('is all or nothing at the ends', () => {
        expect(betaTails(2, 3, 0)).toEqual({ lower: 0, upper: 1 });
        expect(betaTails(2, 3, 1)).toEqual({ lower: 1, upper: 0 });
    });

    it.each([
        [0.5, 1, 5, 0.511084080430281],
        [4, 3, 12, 0.0345903571556469],
        [30, 10, 200, 9.83387333431604e-35],
        [2, 2, 2000, 0.13560586357963],
    ])('P(F > %f) with %f and %f degrees of freedom', (x, df1, df2, expected) => {
        expect(relativeError(fSf(x, df1, df2), expected)).toBeLessThan(EXACT);
    });

    it('puts all of F above zero', () => {
        expect(fSf(0, 2, 3)).toBe(1);
    });
});
