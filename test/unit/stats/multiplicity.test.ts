import { describe, expect, it } from 'vitest';
import { benjaminiHochberg, bonferroniLevel, falseCoverageLevel, holm } from '#stats/multiplicity.ts';
import { ok } from './ok.ts';

const P_VALUES = [0.01, 0.02, 0.03, 0.04, 0.05, 0.001, 0.9];

describe('multiplicity', () => {
    // statsmodels 0.15.0 multipletests, which R's p.adjust agrees with.
    it('adjusts like Holm, in the order given', () => {
        const expected = [0.06, 0.1, 0.12, 0.12, 0.12, 0.007, 0.9];

        ok(holm(P_VALUES)).adjusted.forEach((p, i) => {
            expect(p).toBeCloseTo(expected[i]!, 14);
        });
    });

    it('adjusts like Benjamini and Hochberg, in the order given', () => {
        const expected = [0.035, 0.0466666666666667, 0.0525, 0.056, 0.0583333333333333, 0.007, 0.9];

        ok(benjaminiHochberg(P_VALUES)).adjusted.forEach((p, i) => {
            expect(p).toBeCloseTo(expected[i]!, 14);
        });
    });

    it('rejects the first 4 of Benjamini and Hochberg’s 15 p values (1995, section 3.2), and Holm the first 3', () => {
        const published = [
            0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528,
            0.759, 1,
        ];
        const rejected = (adjusted: readonly number[]): number => adjusted.filter((p) => p <= 0.05).length;

        expect(rejected(ok(benjaminiHochberg(published)).adjusted)).toBe(4);
        expect(rejected(ok(holm(published)).adjusted)).toBe(3);
    });

    it('leaves one p value alone and clips at 1', () => {
        expect(ok(holm([0.3])).adjusted).toEqual([0.3]);
        expect(ok(holm([0.6, 0.7])).adjusted).toEqual([1, 1]);
        expect(ok(benjaminiHochberg([])).adjusted).toEqual([]);
    });

    it('refuses what is not a p value', () => {
        expect(holm([0.2, Number.NaN]).status).toBe('invalid_input');
        expect(benjaminiHochberg([1.2]).status).toBe('invalid_input');
    });

    it('gives the levels of the intervals shown beside the p values', () => {
        expect(bonferroniLevel(0.05, 4)).toBe(0.0125);
        expect(bonferroniLevel(0.05, 1)).toBe(0.05);
        expect(bonferroniLevel(0.05, 0)).toBe(0.05);
        expect(falseCoverageLevel(0.05, 2, 10)).toBeCloseTo(0.01, 15);
        expect(falseCoverageLevel(0.05, 0, 10)).toBeCloseTo(0.005, 15);
        expect(falseCoverageLevel(0.05, 10, 10)).toBe(0.05);
    });
});
