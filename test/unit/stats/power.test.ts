import { describe, expect, it } from 'vitest';
import { contrastOf } from '#stats/contrast.ts';
import { detectableLiftByDelta, detectableRate } from '#stats/detectable.ts';
import { guardrail } from '#stats/guardrail.ts';
import { guardrailSize } from '#stats/guardrail-size.ts';
import { normalCritical, normalUpperQuantile } from '#stats/numerics/normal.ts';
import {
    adjustedVariance,
    detectableDifference,
    powerOfDifference,
    powerPerTest,
    sampleSize,
    sampleSizeByArcsine,
    sampleSizeOfRates,
} from '#stats/power.ts';
import { ok } from './ok.ts';

const TARGET = { critical: normalCritical(0.05), power: 0.8, ratio: 1 };

describe('sample size', () => {
    it('is 2 (1.96 + 0.84)^2 s^2 / delta^2 an arm: 16 s^2 / delta^2 as a rule of thumb', () => {
        const size = ok(sampleSize(0.1, { control: 1, treatment: 1 }, TARGET));

        expect(size.exactControl).toBeCloseTo(2 * 7.8488797 * 100, 3);
        expect(size.control).toBe(1570);
        expect(size.treatment).toBe(1570);
    });

    it('reproduces R’s power.prop.test(p1 = .50, p2 = .75, power = .90): n = 76.7', () => {
        const size = ok(sampleSizeOfRates(0.5, 0.75, { ...TARGET, power: 0.9 }));

        expect(size.exactControl).toBeCloseTo(76.7069284517774, 9);
        expect(size.control).toBe(77);
    });

    it('is 101,280 an arm on the arcsine scale for 6 % more than 4.24 %, as R\u2019s pwr.2p.test has it', () => {
        const size = ok(sampleSizeByArcsine(0.0424, 0.0424 * 1.06, TARGET));

        expect(size.exactControl).toBeCloseTo(101_280.045, 2);
        expect(ok(sampleSizeOfRates(0.0424, 0.0424 * 1.06, TARGET)).exactControl / size.exactControl).toBeCloseTo(1, 3);
    });

    it('reproduces Cohen\u2019s table: h = 0.5, power 0.8, two-sided 0.05: n = 63', () => {
        const treatment = Math.sin(Math.asin(Math.sqrt(0.4)) + 0.25) ** 2;
        const size = ok(sampleSizeByArcsine(0.4, treatment, TARGET));

        expect(size.exactControl).toBeCloseTo(62.79, 2);
        expect(size.control).toBe(63);
        expect(ok(sampleSizeByArcsine(0.4, treatment, { ...TARGET, ratio: 2 })).exactControl).toBeCloseTo(47.09, 2);
    });

    it('on the arcsine scale needs two rates', () => {
        for (const [control, treatment] of [
            [0.1, 0.1],
            [-0.1, 0.2],
            [0.1, 1.2],
            [Number.NaN, 0.2],
        ] as const) {
            expect(sampleSizeByArcsine(control, treatment, TARGET)).toEqual({ status: 'invalid_input' });
        }
    });

    it('pays for unequal arms with more units in all', () => {
        const uneven = ok(sampleSize(0.1, { control: 1, treatment: 1 }, { ...TARGET, ratio: 3 }));

        expect(uneven.exactControl).toBeCloseTo((7.8488797 * (1 + 1 / 3)) / 0.01, 3);
        expect(uneven.treatment).toBe(Math.ceil(uneven.exactControl * 3));
        expect(uneven.control + uneven.treatment).toBeGreaterThan(3140);
    });

    it('gets the power it asks for', () => {
        const { exactControl } = ok(sampleSize(0.1, { control: 2, treatment: 3 }, { ...TARGET, ratio: 0.5 }));

        const se = Math.sqrt(2 / exactControl + 3 / (0.5 * exactControl));

        // The other tail adds its share of power beyond 0.8.
        expect(powerOfDifference(0.1, se, TARGET.critical)).toBeCloseTo(0.8, 5);
        expect(powerOfDifference(-0.1, se, TARGET.critical)).toBe(powerOfDifference(0.1, se, TARGET.critical));
        expect(powerOfDifference(0, se, TARGET.critical)).toBeCloseTo(0.05, 12);
    });

    it('shrinks by the share of variance a covariate explains', () => {
        expect(adjustedVariance(4, 0.5)).toBe(3);
        expect(adjustedVariance(4, -0.5)).toBe(3);
    });

    it('asks more power of each test the more guardrails must hold', () => {
        expect(powerPerTest(0.8, 0)).toBeCloseTo(0.8, 15);
        expect(powerPerTest(0.8, 3)).toBeCloseTo(0.95, 15);
    });

    it('refuses plans without an effect, variance or power', () => {
        expect(sampleSize(0, { control: 1, treatment: 1 }, TARGET).status).toBe('invalid_input');
        expect(sampleSize(1, { control: 0, treatment: 0 }, TARGET).status).toBe('invalid_input');
        expect(sampleSize(1, { control: 1, treatment: 1 }, { ...TARGET, power: 1 }).status).toBe('invalid_input');
        expect(sampleSize(1, { control: 1, treatment: 1 }, { ...TARGET, ratio: 0 }).status).toBe('invalid_input');
        expect(sampleSizeOfRates(0.5, 0.5, TARGET).status).toBe('invalid_input');
        expect(sampleSizeOfRates(0.5, 1.2, TARGET).status).toBe('invalid_input');
        expect(sampleSize(1e-300, { control: 1, treatment: 1 }, TARGET).status).toBe('overflow');
    });
});

describe('the smallest detectable effect', () => {
    it('of a difference is (1.96 + 0.84) standard errors', () => {
        const effect = ok(detectableDifference(0.5, -20, TARGET));

        expect(effect.absolute).toBeCloseTo(1.4007926, 6);
        expect(effect.relative).toBeCloseTo(1.4007926 / 20, 7);
        expect(detectableDifference(0.5, 0, TARGET).status).toBe('zero_baseline');
        expect(detectableDifference(-1, 5, TARGET).status).toBe('invalid_input');
    });

    it('of a rate solves its own sample size formula', () => {
        const effect = ok(detectableRate(0.1, 2000, { ...TARGET, ratio: 2 }));
        const rate = 0.1 + effect.absolute;

        const variances = { control: 0.09, treatment: rate * (1 - rate) };

        expect(ok(sampleSize(effect.absolute, variances, { ...TARGET, ratio: 2 })).exactControl).toBeCloseTo(2000, 6);
        expect(effect.relative).toBeCloseTo(effect.absolute / 0.1, 12);
    });

    it('of a rate does not exist when there are too few units below 100 %', () => {
        expect(detectableRate(0.9, 5, TARGET).status).toBe('none_detectable');
        expect(detectableRate(0, 500, TARGET).status).toBe('zero_baseline');
        expect(detectableRate(1.1, 500, TARGET).status).toBe('invalid_input');
    });

    it('of a lift tested by the delta method is larger, and solves L = z sqrt(Var L)', () => {
        const { relative } = ok(detectableLiftByDelta(10, 400, 500, TARGET));
        const v = 400 / 500;

        const se = Math.sqrt(v / 100 + (v * (10 * (1 + relative)) ** 2) / 1e4);

        expect(relative / se).toBeCloseTo(2.8015852, 6);
        expect(relative).toBeGreaterThan(ok(detectableDifference(Math.sqrt(2 * v), 10, TARGET)).relative);
        expect(ok(detectableLiftByDelta(-10, 400, 500, TARGET)).relative).toBeCloseTo(relative, 12);
    });

    it('of a lift tested by the delta method may not exist at all', () => {
        expect(detectableLiftByDelta(1, 400, 500, TARGET).status).toBe('none_detectable');
        expect(detectableLiftByDelta(0, 400, 500, TARGET).status).toBe('zero_baseline');
        expect(detectableLiftByDelta(1, -1, 500, TARGET).status).toBe('invalid_input');
    });
});

describe('the units a guardrail needs', () => {
    const options = { margin: 0.05, better: 'higher', alpha: 0.025, power: 0.8 } as const;
    const at = (units: number) =>
        contrastOf(
            { value: 100, variance: 900 / (units / 2), count: units / 2 },
            { value: 100, variance: 900 / (units / 2), count: units / 2 },
        );

    it('are enough to pass with a little luck and too few without', () => {
        const { units, missing } = ok(guardrailSize(at(400), 400, options));

        expect(missing).toBe(units - 400);
        // At the needed size the margin is z_0.975 + z_0.8 standard errors away.
        const result = ok(guardrail({ contrast: at(units) }, options));
        const se = (result.slackInterval.upper - result.slack) / normalUpperQuantile(0.025);
        expect(result.slack / se).toBeCloseTo(2.8015852, 2);
    });

    it('are not missing when there are enough', () => {
        expect(ok(guardrailSize(at(1e6), 1e6, options)).missing).toBe(0);
    });

    it('have statuses', () => {
        expect(guardrailSize({ ...at(10), baseline: 0 }, 10, options).status).toBe('zero_baseline');
        expect(
            guardrailSize({ ...at(10), differenceVariance: 0, covariance: 0, baselineVariance: 0 }, 10, options).status,
        ).toBe('zero_variance');
        expect(guardrailSize(at(10), 10, { ...options, margin: 0 }).status).toBe('invalid_input');
        expect(guardrailSize(at(10), 10, { ...options, power: 1 }).status).toBe('invalid_input');
    });
});
