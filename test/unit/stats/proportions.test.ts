import { describe, expect, it } from 'vitest';
import { normalCritical } from '#stats/numerics/normal.ts';
import { compareProportions } from '#stats/proportions.ts';
import { differenceScore, scoreDifferenceInterval } from '#stats/score-difference.ts';
import { ratioScore, scoreLift } from '#stats/score-ratio.ts';
import { ok } from './ok.ts';

const of = (successes: number, trials: number) => ({ successes, trials });
const CRITICAL = normalCritical(0.05);

describe('Mee’s interval of a difference', () => {
    // Newcombe, Stat. Med. 17 (1998) 873-890, Table II, method 5; row a also in cicalc's ci_prop_diff_mee.
    it.each([
        ['a', of(48, 80), of(56, 70), 0.0533, 0.3377],
        ['b', of(3, 10), of(9, 10), 0.1821, 0.837],
        ['c', of(2, 7), of(6, 7), 0.0544, 0.8478],
        ['d', of(0, 29), of(5, 56), -0.0313, 0.1926],
        ['g', of(0, 20), of(10, 10), 0.7225, 1],
    ])('row %s of Newcombe 1998', (_, control, treatment, lower, upper) => {
        const interval = scoreDifferenceInterval(control, treatment, CRITICAL);

        expect(interval.lower).toBeCloseTo(lower, 4);
        expect(interval.upper).toBeCloseTo(upper, 4);
    });

    it('reproduces the score statistic at a difference of 0.1: 1.348 (cicalc ci_prop_diff_mee, 56/70 against 48/80)', () => {
        expect(differenceScore(of(48, 80), of(56, 70), 0.1)).toBeCloseTo(1.348, 3);
        expect(differenceScore(of(48, 80), of(56, 70), 0.2)).toBeCloseTo(0, 12);
    });

    it('ends at the ends of the scale when every treated and no untreated unit succeeds, or the other way round', () => {
        expect(scoreDifferenceInterval(of(0, 10), of(10, 10), CRITICAL).upper).toBe(1);
        expect(scoreDifferenceInterval(of(10, 10), of(0, 10), CRITICAL).lower).toBe(-1);
    });

    it('mirrors when the arms change places', () => {
        const interval = scoreDifferenceInterval(of(56, 70), of(48, 80), CRITICAL);

        expect(interval.lower).toBeCloseTo(-0.3377, 4);
        expect(interval.upper).toBeCloseTo(-0.0533, 4);
    });

    it('is that of Wilson against a control without doubt', () => {
        const interval = scoreDifferenceInterval(of(0, 1e9), of(0, 20), CRITICAL);

        // Wilson's upper limit of 0/20 is 0.1611.
        expect(interval.upper).toBeCloseTo(0.1611, 4);
    });
});

describe('Koopman’s interval of a ratio', () => {
    it('reproduces Koopman’s example, 36/40 against 16/80: 2.94 to 7.15 (Biometrics 40, 1984)', () => {
        const lift = ok(scoreLift(of(16, 80), of(36, 40), CRITICAL));

        expect(1 + lift.lift).toBeCloseTo(4.5, 12);
        expect(1 + lift.lower).toBeCloseTo(2.94, 2);
        expect(1 + lift.upper).toBeCloseTo(7.15, 2);
    });

    // statsmodels 0.15.0 confint_proportions_2indep(compare='ratio', method='score', correction=False).
    it.each([
        [of(48, 80), of(56, 70), 1.079822, 1.670806],
        [of(3, 10), of(9, 10), 1.353237, 8.467669],
        [of(1, 34), of(7, 34), 1.220853, 42.575718],
    ])('agrees with statsmodels for %j and %j', (control, treatment, lower, upper) => {
        const lift = ok(scoreLift(control, treatment, CRITICAL));

        expect(1 + lift.lower).toBeCloseTo(lower, 6);
        expect(1 + lift.upper).toBeCloseTo(upper, 6);
    });

    it('starts at a loss of everything without treatment successes', () => {
        const lift = ok(scoreLift(of(5, 30), of(0, 30), CRITICAL));

        expect(lift).toMatchObject({ lift: -1, lower: -1 });
        expect(ratioScore(of(5, 30), of(0, 30), 1 + lift.upper)).toBeCloseTo(-CRITICAL, 9);
    });

    it('has no lift without control successes', () => {
        expect(scoreLift(of(0, 30), of(5, 30), CRITICAL)).toEqual({ status: 'zero_baseline' });
    });

    it('has an interval even when everybody succeeds', () => {
        const lift = ok(scoreLift(of(30, 30), of(30, 30), CRITICAL));

        expect(ratioScore(of(30, 30), of(30, 30), 1)).toBe(0);
        expect(lift.lower).toBeLessThan(0);
        expect(lift.upper).toBeGreaterThan(0);
    });
});

describe('a comparison of two rates', () => {
    it('gives the pooled test, the score intervals and the other columns together', () => {
        const result = ok(compareProportions(of(48, 80), of(56, 70), 0.05));

        expect(result.statistic).toBe(result.test.z);
        expect(result.pValue).toBe(result.test.pValue);
        expect(result.interval.lower).toBeCloseTo(0.0533, 4);
        expect(result.newcombeInterval.lower).toBeCloseTo(0.0524, 4);
        expect(ok(result.lift).lower).toBeCloseTo(0.079822, 6);
        expect(result.contrast.differenceVariance).toBeCloseTo(result.test.unpooledStandardError ** 2, 15);
        expect(result.degreesOfFreedom).toBeUndefined();
    });

    it('passes on the statuses of the test', () => {
        expect(compareProportions(of(0, 5), of(0, 5), 0.05).status).toBe('zero_variance');
        expect(compareProportions(of(0, 0), of(0, 5), 0.05).status).toBe('insufficient_n');
        expect(compareProportions(of(1, 5), of(2, 5), 1.5).status).toBe('invalid_input');
    });
});
