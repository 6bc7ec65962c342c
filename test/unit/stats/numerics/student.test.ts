import { describe, expect, it } from 'vitest';
import { studentCdf, studentCritical, studentSf, studentTwoSided } from '#stats/numerics/student.ts';
import { relativeError } from '../relative-error.ts';

describe('Student’s t', () => {
    // mpmath 1.4.1 at 60 digits, by the hypergeometric form of the incomplete beta function.
    it.each([
        [0.01, 1, 0.993634014470183],
        [1.5, 3.7, 0.213598169202014],
        [1.8, 30, 0.0819250686087403],
        [37, 2, 0.000729660804925064],
        [15, 30, 1.75332965574848e-15],
        [37, 200, 2.09355135492888e-91],
        [2, 1e6, 0.0455005338513192],
        [37, 1e6, 1.82997308618023e-299],
        [15, 1e8, 7.34286991234299e-51],
    ])('P(|T| > %f) with %f degrees of freedom', (t, df, expected) => {
        expect(relativeError(studentTwoSided(t, df), expected)).toBeLessThan(1e-12);
        expect(relativeError(studentSf(t, df), expected / 2)).toBeLessThan(1e-12);
        expect(studentCdf(-t, df)).toBe(studentSf(t, df));
    });

    it('is symmetric', () => {
        expect(studentSf(0, 5)).toBe(0.5);
        expect(studentSf(-1.5, 5)).toBeCloseTo(1 - studentSf(1.5, 5), 15);
        expect(studentTwoSided(-2, 5)).toBe(studentTwoSided(2, 5));
    });

    it('has the two-sided 5 % points of printed tables', () => {
        expect(studentCritical(0.05, 1)).toBeCloseTo(12.706, 3);
        expect(studentCritical(0.05, 10)).toBeCloseTo(2.228, 3);
        expect(studentCritical(0.05, 120)).toBeCloseTo(1.98, 3);
        expect(studentCritical(0.05, 1e9)).toBeCloseTo(1.959964, 6);
    });

    it.each([
        [1e-50, 30],
        [1e-9, 2.4],
        [0.9, 7],
    ])('its critical value undoes its tail (alpha %f, df %f)', (alpha, df) => {
        expect(relativeError(studentTwoSided(studentCritical(alpha, df), df), alpha)).toBeLessThan(1e-11);
    });
});
