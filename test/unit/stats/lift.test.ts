import { describe, expect, it } from 'vitest';
import { contrastOf } from '#stats/contrast.ts';
import { effectAt } from '#stats/effect.ts';
import { deltaLift, fiellerLift, logDeltaLift } from '#stats/lift.ts';
import { normalCritical } from '#stats/numerics/normal.ts';
import { ok } from './ok.ts';

const control = { value: 10, variance: 0.25, count: 100 };
const treatment = { value: 11, variance: 0.36, count: 100 };

/** The test Fieller's interval inverts: treatment - (1 + lift) control, in standard errors. */
const score = (lift: number, c: typeof control, t: typeof control): number =>
    (t.value - c.value - lift * Math.abs(c.value)) /
    Math.sqrt(t.variance + (1 + lift * Math.sign(c.value)) ** 2 * c.variance);

describe('Fieller’s lift interval', () => {
    it('ends where the linear test is exactly at its critical value', () => {
        const lift = ok(fiellerLift(contrastOf(control, treatment), 1.96));

        expect(lift.lift).toBeCloseTo(0.1, 14);
        expect(score(lift.lower, control, treatment)).toBeCloseTo(1.96, 10);
        expect(score(lift.upper, control, treatment)).toBeCloseTo(-1.96, 10);
    });

    it('mirrors for a negative baseline: the lift is relative to its size', () => {
        const negative = { ...control, value: -10 };
        const better = { ...treatment, value: -9 };

        const lift = ok(fiellerLift(contrastOf(negative, better), 1.96));

        expect(lift.lift).toBeCloseTo(0.1, 14);
        expect(lift.lower).toBeLessThan(0.1);
        expect(lift.upper).toBeGreaterThan(0.1);
        expect(score(lift.lower, negative, better)).toBeCloseTo(1.96, 10);
        expect(score(lift.upper, negative, better)).toBeCloseTo(-1.96, 10);
    });

    it('is unbounded when the baseline is not distinguishable from zero', () => {
        const noisy = { ...control, value: 0.9 };

        expect(fiellerLift(contrastOf(noisy, treatment), 1.96).status).toBe('unbounded');
        expect(fiellerLift(contrastOf({ ...control, value: 0 }, treatment), 1.96)).toEqual({ status: 'zero_baseline' });
        expect(fiellerLift(contrastOf({ value: 1e-320, variance: 0, count: 5 }, treatment), 1.96).status).toBe(
            'overflow',
        );
    });

    it('is a point when nothing varies', () => {
        const still = contrastOf({ value: 4, variance: 0, count: 9 }, { value: 5, variance: 0, count: 9 });

        expect(fiellerLift(still, 1.96)).toEqual({ status: 'ok', lift: 0.25, lower: 0.25, upper: 0.25 });
        expect(fiellerLift({ ...still, difference: 0 }, 1.96)).toMatchObject({ lower: 0, upper: 0 });
    });

    it('agrees with the difference interval about zero when the effect is exactly at the critical value', () => {
        const contrast = contrastOf(
            { value: 3, variance: 9 / 64, count: 50 },
            { value: 4.25, variance: 16 / 64, count: 50 },
        );

        const effect = effectAt(contrast, 2);

        expect(effect.interval.lower).toBe(0);
        expect(ok(effect.lift).lower).toBe(0);
    });
});

describe('other lift intervals, for comparison', () => {
    it('reproduces GrowthBook’s relative effect by the delta method (lift 0.70732, interval -0.03526 to 1.44989)', () => {
        const c = { value: 0.41, variance: 3.9 ** 2 / 3407, count: 3407 };
        const t = { value: 0.7, variance: 6.2 ** 2 / 3461, count: 3461 };

        const lift = ok(deltaLift(c, t, normalCritical(0.05)));

        expect(lift.lift).toBeCloseTo(0.70732, 5);
        // gbstats takes a t critical value; with thousands of units the third decimal is the same.
        expect(lift.lower).toBeCloseTo(-0.03526, 3);
        expect(lift.upper).toBeCloseTo(1.44989, 3);
    });

    it('reproduces Katz’s interval of a risk ratio for Koopman’s 36/40 against 16/80 (2.87 to 7.06 in Koopman 1984)', () => {
        const c = { value: 0.2, variance: (0.2 * 0.8) / 80, count: 80 };
        const t = { value: 0.9, variance: (0.9 * 0.1) / 40, count: 40 };

        const lift = ok(logDeltaLift(c, t, normalCritical(0.05)));

        expect(1 + lift.lift).toBeCloseTo(4.5, 12);
        expect(1 + lift.lower).toBeCloseTo(4.5 * Math.exp(-1.959964 * Math.sqrt(0.1 / 36 + 0.8 / 16)), 5);
        expect(1 + lift.upper).toBeCloseTo(4.5 * Math.exp(1.959964 * Math.sqrt(0.1 / 36 + 0.8 / 16)), 5);
    });

    it('has statuses where they do not exist', () => {
        expect(deltaLift({ ...control, value: 0 }, treatment, 2).status).toBe('zero_baseline');
        expect(logDeltaLift({ ...control, value: 0 }, treatment, 2).status).toBe('zero_baseline');
        expect(logDeltaLift(control, { ...treatment, value: -1 }, 2)).toEqual({ status: 'unbounded', lift: -1.1 });
        expect(logDeltaLift({ ...control, value: -1 }, treatment, 2)).toEqual({ status: 'unbounded', lift: 12 });
        expect(deltaLift({ ...control, value: 1e-300 }, treatment, 2).status).toBe('overflow');
    });
});
