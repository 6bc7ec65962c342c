import { describe, expect, it } from 'vitest';
import { anytimeCritical, anytimePValue, anytimeTest, harmCritical, mixtureVariance } from '#stats/anytime.ts';
import { contrastOf } from '#stats/contrast.ts';
import { runningTest } from '#stats/running-test.ts';
import { ok } from './ok.ts';

const PLAN = { alpha: 0.05, plannedUnits: 10_000 };

/** A look at arms of equal size with unit variance around a baseline of 10. */
const look = (difference: number, units: number) => ({
    contrast: contrastOf(
        { value: 10, variance: 2 / units, count: units / 2 },
        { value: 10 + difference, variance: 2 / units, count: units / 2 },
    ),
    units,
});

describe('the confidence sequence', () => {
    // gbstats test_tests.py: half width over standard error, e.g. (1.56516 + 0.55844) / 2 / 0.33341.
    it.each([
        [6461, 1000, 1.56516, -0.55844, 0.33341],
        [6461, 5000, 0.60675, 0.40098, 0.03386],
        [6461, 5000, 1.51646, -0.50969, 0.33341],
        [200, 5000, 0.01923, -0.02063, 0.00391],
    ])('has GrowthBook’s critical value at %i units tuned to %i', (units, plannedUnits, upper, lower, se) => {
        const critical = anytimeCritical(units, { alpha: 0.05, plannedUnits });

        // The published numbers have five decimals.
        expect(Math.abs(critical - (upper - lower) / 2 / se)).toBeLessThan(8e-6 / se + critical * (6e-6 / se));
    });

    it('is tightest, relative to the fixed interval, at the planned size', () => {
        const at = (units: number): number => anytimeCritical(units, PLAN);

        expect(at(10_000)).toBeLessThan(at(5000));
        expect(at(10_000)).toBeLessThan(at(20_000));
        expect(at(9000)).toBeGreaterThan(at(10_000));
        expect(at(11_000)).toBeGreaterThan(at(10_000));
        expect(at(10_000)).toBeCloseTo(3.0353, 3);
    });

    it('has the mixture variance (-2 ln a + ln(-2 ln a + 1)) / n*', () => {
        expect(mixtureVariance(PLAN)).toBeCloseTo(0.000793615460173756, 15);
        expect(anytimeCritical(5000, PLAN)).toBeCloseTo(3.08356871436835, 12);
    });

    it('has a p value that equals alpha exactly at its own critical value', () => {
        const critical = anytimeCritical(4000, PLAN);
        const at = (z: number) => ok(anytimeTest(look(z * Math.sqrt(4 / 4000), 4000), PLAN));

        expect(at(critical).pValue).toBeCloseTo(0.05, 10);
        expect(at(critical * 0.999).pValue).toBeGreaterThan(0.05);
        expect(at(critical * 0.999).interval.lower).toBeLessThan(0);
        expect(at(critical * 1.001).interval.lower).toBeGreaterThan(0);
        expect(ok(at(critical * 1.001).lift).lower).toBeGreaterThan(0);
        expect(at(0).pValue).toBe(1);
    });

    it('equals the mixture sequential ratio test with tau^2 = rho^2 n V', () => {
        const { logE } = ok(anytimeTest(look(0.1, 3000), PLAN));
        const v = 4 / 3000;
        const tau2 = mixtureVariance(PLAN) * 3000 * v;

        const lambda = Math.sqrt(v / (v + tau2)) * Math.exp((tau2 * 0.1 ** 2) / (2 * v * (v + tau2)));

        expect(logE).toBeCloseTo(Math.log(lambda), 10);
    });

    it('watches for harm with less, because one side is enough', () => {
        for (const units of [100, 5000, 100_000]) {
            expect(harmCritical(units, PLAN)).toBeLessThan(anytimeCritical(units, PLAN));
            expect(harmCritical(units, PLAN)).toBeGreaterThan(anytimeCritical(units, { ...PLAN, alpha: 0.2 }) * 0.9);
        }
    });

    it('has statuses for nobody, no variance and nonsense', () => {
        const still = { ...look(0, 100), contrast: { ...look(0, 100).contrast, differenceVariance: 0 } };

        expect(anytimeTest({ ...look(0, 100), units: 1 }, PLAN).status).toBe('insufficient_n');
        expect(anytimeTest(still, PLAN).status).toBe('zero_variance');
        expect(anytimeTest(look(0, 100), { ...PLAN, plannedUnits: 0 }).status).toBe('invalid_input');
        expect(anytimeTest(look(0, 100), { ...PLAN, alpha: 1 }).status).toBe('invalid_input');
        expect(anytimeTest({ ...look(0, 100), units: 3.5 }, PLAN).status).toBe('invalid_input');
    });
});

describe('the running test', () => {
    it('keeps the smallest p value and the overlap of all intervals', () => {
        const looks = [look(0.2, 2000), look(0.15, 4000), look(0.02, 6000)];

        const running = runningTest(looks, PLAN);

        const each = looks.map((one) => ok(anytimeTest(one, PLAN)));
        expect(running.pValue).toBe(Math.min(...each.map((test) => test.pValue)));
        expect(running.pValue).toBeLessThan(each[2]!.pValue);
        expect(running.interval!.lower).toBe(Math.max(...each.map((test) => test.interval.lower)));
        expect(running.interval!.upper).toBe(each[2]!.interval.upper);
        expect(running.lift!.lower).toBe(Math.max(...each.map((test) => ok(test.lift).lower)));
        expect(running.looks).toBe(3);
    });

    it('starts from "nothing known" and passes over looks without data', () => {
        expect(runningTest([], PLAN)).toEqual({ pValue: 1, interval: undefined, lift: undefined, looks: 0 });
        expect(runningTest([{ ...look(0, 100), units: 0 }, look(0, 100)], PLAN).looks).toBe(1);
    });

    it('says so when intervals do not overlap, and skips lifts that have no bounds', () => {
        const unbounded = contrastOf({ value: 0.001, variance: 1, count: 50 }, { value: 0.1, variance: 1, count: 50 });

        expect(runningTest([look(5, 10_000), look(-5, 20_000)], PLAN).interval).toBeUndefined();
        expect(runningTest([{ contrast: unbounded, units: 100 }], PLAN).lift).toBeUndefined();
    });
});

describe('the any-time p-value of a statistic', () => {
    it('is below alpha exactly beyond the critical value', () => {
        const plan = { alpha: 0.05, plannedUnits: 5000 };
        const critical = anytimeCritical(900, plan);

        expect(anytimePValue(critical, 900, plan)).toBeCloseTo(0.05, 12);
        expect(anytimePValue(-critical * 1.01, 900, plan)).toBeLessThan(0.05);
        expect(anytimePValue(0, 900, plan)).toBe(1);
    });
});
