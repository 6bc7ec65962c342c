import { describe, expect, it } from 'vitest';
import { jointMomentsOf } from '#stats/joint-moments.ts';
import { momentsFromVariance, momentsOf } from '#stats/moments.ts';
import { ratioEstimate } from '#stats/ratio.ts';
import { compareMeans, compareRatios } from '#stats/welch.ts';
import { ok } from './ok.ts';

describe('Welch’s t test', () => {
    it('reproduces R’s help page for t.test: sleep data, t -1.8608, df 17.776, p 0.07939', () => {
        const group1 = momentsOf([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]);
        const group2 = momentsOf([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]);

        const test = ok(compareMeans(group2, group1, 0.05));

        expect(test.statistic).toBeCloseTo(-1.8608, 4);
        expect(test.degreesOfFreedom).toBeCloseTo(17.776, 3);
        expect(test.pValue).toBeCloseTo(0.07939, 5);
        expect(test.interval.lower).toBeCloseTo(-3.3654832, 7);
        expect(test.interval.upper).toBeCloseTo(0.2054832, 7);
    });

    it('reproduces GrowthBook’s test of two means (gbstats test_tests.py: p 0.02016, interval 0.04538 to 0.53462)', () => {
        const control = momentsFromVariance(3407, 0.41, 3.9 ** 2);
        const treatment = momentsFromVariance(3461, 0.7, 6.2 ** 2);

        const test = ok(compareMeans(control, treatment, 0.05));

        expect(test.difference).toBeCloseTo(0.29, 12);
        expect(test.pValue).toBeCloseTo(0.02016, 5);
        expect(test.interval.lower).toBeCloseTo(0.04538, 5);
        expect(test.interval.upper).toBeCloseTo(0.53462, 5);
    });

    it('has a p value 40 standard errors out', () => {
        const test = ok(compareMeans(momentsFromVariance(1e6, 0, 1), momentsFromVariance(1e6, 0.05, 1), 0.05));

        expect(test.statistic).toBeCloseTo(35.355, 3);
        expect(test.pValue).toBeGreaterThan(0);
        expect(test.pValue).toBeLessThan(1e-270);
    });

    it('has statuses for too little, nothing varying and nonsense', () => {
        const some = momentsOf([1, 2, 3]);

        expect(compareMeans(momentsOf([1]), some, 0.05).status).toBe('insufficient_n');
        expect(compareMeans(some, momentsOf([]), 0.05).status).toBe('insufficient_n');
        expect(compareMeans(momentsOf([2, 2]), momentsOf([3, 3]), 0.05).status).toBe('zero_variance');
        expect(compareMeans({ count: 3, mean: Number.NaN, m2: 1 }, some, 0.05).status).toBe('invalid_input');
        expect(compareMeans(some, some, 0).status).toBe('invalid_input');
        expect(compareMeans(momentsOf([0, 1e200]), momentsOf([1, 2]), 0.05).status).toBe('invalid_input');
        expect(compareMeans({ count: 3, mean: 1e308, m2: 1 }, { count: 3, mean: -1e308, m2: 1 }, 0.05).status).toBe(
            'overflow',
        );
    });
});

describe('a ratio metric', () => {
    // One row per user: sessions x, duration y.
    const users = [
        { x: 1, y: 30 },
        { x: 4, y: 100 },
        { x: 2, y: 90 },
        { x: 1, y: 5 },
        { x: 7, y: 210 },
    ];

    it('has the variance of the residuals y - R x over the squared mean of x', () => {
        const ratio = 435 / 15;
        const residuals = momentsOf(users.map(({ x, y }) => y - ratio * x));

        const estimate = ok(ratioEstimate(jointMomentsOf(users)));

        expect(estimate.value).toBeCloseTo(ratio, 12);
        expect(estimate.variance).toBeCloseTo(residuals.m2 / 4 / 3 ** 2 / 5, 10);
    });

    it('is the plain mean when every unit has the denominator 1', () => {
        const joint = jointMomentsOf(users.map(({ y }) => ({ x: 1, y })));
        const other = jointMomentsOf([1, 70, 20].map((y) => ({ x: 1, y })));

        const asRatio = ok(compareRatios(joint, other, 0.05));
        const asMean = ok(compareMeans(momentsOf(users.map(({ y }) => y)), momentsOf([1, 70, 20]), 0.05));

        expect(asRatio.pValue).toBeCloseTo(asMean.pValue, 13);
        expect(asRatio.interval.lower).toBeCloseTo(asMean.interval.lower, 9);
    });

    it('has no variance, not a negative one, when the numerator is proportional to the denominator', () => {
        const proportional = jointMomentsOf([0.1, 0.7, 0.3, 1.3].map((x) => ({ x, y: 3 * x })));

        expect(ok(ratioEstimate(proportional)).variance).toBeGreaterThanOrEqual(0);
        expect(ok(ratioEstimate(proportional)).variance).toBeLessThan(1e-15);
    });

    it('has statuses for an empty denominator, one unit and nonsense', () => {
        const zero = jointMomentsOf([
            { x: 0, y: 1 },
            { x: 0, y: 2 },
        ]);

        expect(ratioEstimate(zero).status).toBe('undefined_denominator');
        expect(compareRatios(zero, jointMomentsOf(users), 0.05).status).toBe('undefined_denominator');
        expect(ratioEstimate(jointMomentsOf(users.slice(0, 1))).status).toBe('insufficient_n');
        expect(ratioEstimate({ ...jointMomentsOf(users), comoment: 1e9 }).status).toBe('invalid_input');
    });
});
