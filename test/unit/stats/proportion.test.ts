import { describe, expect, it } from 'vitest';
import { proportionEstimate } from '#stats/estimate.ts';
import { fisherExact } from '#stats/fisher.ts';
import { newcombeInterval } from '#stats/newcombe.ts';
import { proportionTest } from '#stats/proportion.ts';
import { wilsonInterval } from '#stats/wilson.ts';
import { ok } from './ok.ts';
import { relativeError } from './relative-error.ts';

const of = (successes: number, trials: number) => ({ successes, trials });

describe('the two-proportion z test', () => {
    it('compares 19/448 with 23/472: z 0.4589, p 0.6463, unpooled interval -0.0206 to 0.0333', () => {
        const test = ok(proportionTest(of(19, 448), of(23, 472), 0.05));

        expect(test.z).toBeCloseTo(0.4589, 4);
        expect(test.pValue).toBeCloseTo(0.6463, 4);
        expect(test.waldInterval.lower).toBeCloseTo(-0.0206, 4);
        expect(test.waldInterval.upper).toBeCloseTo(0.0333, 4);
        expect(test.lowCounts).toBe(false);
        expect(test.exactPValue).toBeUndefined();
    });

    it('squares to Pearson’s chi-square: 2.6471 of Newcombe’s 56/70 against 48/80 (score test 2.65 in cicalc)', () => {
        expect(ok(proportionTest(of(48, 80), of(56, 70), 0.05)).z).toBeCloseTo(2.65, 2);
    });

    it('adds the exact p value when an expected count is below 5 (Fisher 1935, convictions of twins: 0.0005367)', () => {
        const twins = ok(proportionTest(of(2, 12), of(15, 18), 0.05));
        const small = ok(proportionTest(of(1, 10), of(8, 10), 0.05));

        expect(twins.lowCounts).toBe(false);
        expect(small.lowCounts).toBe(true);
        expect(small.exactPValue).toBeCloseTo(0.005477494641581, 12);
    });

    it('still has a p value where 1 - cdf has none', () => {
        const test = ok(proportionTest(of(10_000, 1_000_000), of(14_000, 1_000_000), 0.05));

        expect(test.z).toBeGreaterThan(25);
        expect(test.pValue).toBeGreaterThan(0);
        expect(test.pValue).toBeLessThan(1e-140);
    });

    it('has statuses instead of numbers that mean nothing', () => {
        expect(proportionTest(of(0, 0), of(1, 5), 0.05).status).toBe('insufficient_n');
        expect(proportionTest(of(0, 9), of(0, 5), 0.05).status).toBe('zero_variance');
        expect(proportionTest(of(9, 9), of(5, 5), 0.05).status).toBe('zero_variance');
        expect(proportionTest(of(6, 5), of(1, 5), 0.05).status).toBe('invalid_input');
        expect(proportionTest(of(1, 5), of(Number.NaN, 5), 0.05).status).toBe('invalid_input');
        expect(proportionTest(of(1, 5), of(2, 5), 1).status).toBe('invalid_input');
    });
});

describe('Fisher’s exact test', () => {
    // R 4 fisher.test and scipy 1.17.1 fisher_exact agree on these.
    it.each([
        ['the lady tasting tea (Fisher 1935)', of(1, 4), of(3, 4), 0.485714285714286],
        ['convictions of twins (Fisher 1935)', of(15, 18), of(2, 12), 0.000536724119143436],
        ['a zero cell', of(0, 10), of(6, 12), 0.0151984238671545],
        ['rare events in many trials', of(14, 100_014), of(2, 100_002), 0.00417949954896024],
        ['a far tail', of(40, 500), of(0, 500), 8.07328389909547e-13],
        ['equal arms', of(3, 10), of(3, 10), 1],
        ['no events at all', of(0, 10), of(0, 20), 1],
    ])('%s', (_, control, treatment, expected) => {
        expect(relativeError(ok(fisherExact(control, treatment)).pValue, expected)).toBeLessThan(1e-9);
        expect(relativeError(ok(fisherExact(treatment, control)).pValue, expected)).toBeLessThan(1e-9);
    });

    it('refuses more successes than trials', () => {
        expect(fisherExact(of(4, 3), of(1, 3)).status).toBe('invalid_input');
    });
});

describe('Wilson’s interval', () => {
    // Newcombe, Stat. Med. 17 (1998) 857-872, Table I, method 3.
    it.each([
        [81, 263, 0.2553, 0.3662],
        [15, 148, 0.0624, 0.1605],
        [0, 20, 0, 0.1611],
        [1, 29, 0.0061, 0.1718],
    ])('%i of %i as in Newcombe 1998', (successes, trials, lower, upper) => {
        const interval = ok(wilsonInterval(of(successes, trials), 0.05));

        expect(interval.lower).toBeCloseTo(lower, 4);
        expect(interval.upper).toBeCloseTo(upper, 4);
    });

    it('reaches 0 and 1 exactly at no and at all successes', () => {
        expect(ok(wilsonInterval(of(0, 7), 0.01)).lower).toBe(0);
        expect(ok(wilsonInterval(of(7, 7), 0.01)).upper).toBe(1);
    });

    it('has statuses for nothing and for nonsense', () => {
        expect(wilsonInterval(of(0, 0), 0.05).status).toBe('insufficient_n');
        expect(wilsonInterval(of(-1, 7), 0.05).status).toBe('invalid_input');
        expect(wilsonInterval(of(1, 7), 0).status).toBe('invalid_input');
    });
});

describe('Newcombe’s interval of a difference', () => {
    // Newcombe, Stat. Med. 17 (1998) 873-890, Table II, method 10.
    it.each([
        ['a', of(48, 80), of(56, 70), 0.0524, 0.3339],
        ['b', of(3, 10), of(9, 10), 0.1705, 0.809],
        ['c', of(2, 7), of(6, 7), 0.0582, 0.8062],
        ['d', of(0, 29), of(5, 56), -0.0381, 0.1926],
        ['e', of(0, 20), of(0, 10), -0.1611, 0.2775],
        ['f', of(0, 10), of(0, 10), -0.2775, 0.2775],
        ['g', of(0, 20), of(10, 10), 0.6791, 1],
        ['h', of(0, 10), of(10, 10), 0.6075, 1],
    ])('row %s of Newcombe 1998', (_, control, treatment, lower, upper) => {
        const interval = ok(newcombeInterval(control, treatment, 0.05));

        expect(interval.lower).toBeCloseTo(lower, 4);
        expect(interval.upper).toBeCloseTo(upper, 4);
    });

    it('has statuses for nothing and for nonsense', () => {
        expect(newcombeInterval(of(0, 0), of(1, 2), 0.05).status).toBe('insufficient_n');
        expect(newcombeInterval(of(3, 2), of(1, 2), 0.05).status).toBe('invalid_input');
        expect(newcombeInterval(of(1, 2), of(1, 2), 2).status).toBe('invalid_input');
    });
});

describe('a rate as an estimate', () => {
    it('carries p (1 - p) / n', () => {
        expect(ok(proportionEstimate(of(25, 100)))).toEqual({
            status: 'ok',
            value: 0.25,
            variance: 0.001875,
            count: 100,
        });
        expect(proportionEstimate(of(0, 0)).status).toBe('insufficient_n');
        expect(proportionEstimate(of(2, 1)).status).toBe('invalid_input');
    });
});
