import { describe, expect, it } from 'vitest';
import { ascending, quantile } from '#stats/quantile.ts';
import {
    clusteredQuantileEstimate,
    quantileBand,
    quantileEstimate,
    quantileEstimateFrom,
} from '#stats/quantile-effect.ts';
import { compareEstimates } from '#stats/welch.ts';
import { winsorise, winsoriseCap } from '#stats/winsorise.ts';
import { ok } from './ok.ts';

const TO_1000 = Array.from({ length: 1000 }, (_, i) => i + 1);

describe('quantiles', () => {
    it('are R’s type 7: quantile(1:10, c(.25, .5, .9)) is 3.25, 5.5, 9.1', () => {
        const values = ascending([10, 2, 3, 9, 5, 6, 7, 8, 4, 1]);

        expect(quantile(values, 0.25)).toBe(3.25);
        expect(quantile(values, 0.5)).toBe(5.5);
        expect(quantile(values, 0.9)).toBeCloseTo(9.1, 14);
        expect([quantile(values, 0), quantile(values, 1), quantile(values, -1), quantile(values, 2)]).toEqual([
            1, 10, 1, 10,
        ]);
        expect(quantile([7], 0.3)).toBe(7);
    });

    it('sort numbers as numbers and leave the input alone', () => {
        const values = [10, 9, 100];

        expect([...ascending(values)]).toEqual([9, 10, 100]);
        expect(values).toEqual([10, 9, 100]);
    });
});

describe('winsorising', () => {
    it('caps at the quantile of all arms together', () => {
        expect(ok(winsoriseCap(TO_1000, { quantile: 0.99 })).cap).toBeCloseTo(990.01, 9);
    });

    it('can take the quantile of what was bought only', () => {
        const revenue = [...Array<number>(9000).fill(0), ...TO_1000];

        expect(ok(winsoriseCap(revenue, { quantile: 0.5 })).cap).toBe(0);
        expect(ok(winsoriseCap(revenue, { quantile: 0.5, ignoreZeros: true })).cap).toBe(500.5);
    });

    it('lowers what is above the cap and counts it', () => {
        expect(winsorise([1, 5, 9, 5.01], 5)).toEqual({ values: [1, 5, 5, 5], capped: 2 });
    });

    it('has statuses for nothing and nonsense', () => {
        expect(winsoriseCap([0, 0], { quantile: 0.9, ignoreZeros: true }).status).toBe('insufficient_n');
        expect(winsoriseCap([1], { quantile: 0 }).status).toBe('invalid_input');
        expect(winsoriseCap([1, Number.POSITIVE_INFINITY], { quantile: 1 }).status).toBe('overflow');
    });
});

describe('the effect on a quantile', () => {
    it('has the asymptotic standard error sqrt(nu (1 - nu) / n) / f of a uniform sample', () => {
        const estimate = ok(quantileEstimate(TO_1000, 0.5, 0.05));

        expect(estimate.value).toBe(500.5);
        // The density of 1..1000 is 1/1000.
        expect(Math.sqrt(estimate.variance)).toBeCloseTo(Math.sqrt(0.25 / 1000) * 999, 6);
        expect(estimate.count).toBe(1000);
    });

    it('has the same error whichever level its band is read at, where the density is flat', () => {
        const [narrow, wide] = [0.3, 0.01].map((alpha) => ok(quantileEstimate(TO_1000, 0.9, alpha)));

        expect(narrow!.variance).toBeCloseTo(wide!.variance, 6);
    });

    it('compares arms like any other estimate', () => {
        const control = ok(quantileEstimate(TO_1000, 0.9, 0.05));
        const treatment = ok(
            quantileEstimate(
                TO_1000.map((value) => value * 1.1),
                0.9,
                0.05,
            ),
        );

        const comparison = ok(compareEstimates(control, treatment, 0.05));

        expect(comparison.difference).toBeCloseTo(90.01, 9);
        expect(ok(comparison.lift).lift).toBeCloseTo(0.1, 12);
        expect(comparison.pValue).toBeLessThan(1e-9);
    });

    it('needs enough rows beyond the quantile for its band', () => {
        // z^2 nu / (1 - nu) = 380.3 rows for the 99th percentile.
        expect(quantileEstimate(TO_1000.slice(0, 380), 0.99, 0.05).status).toBe('insufficient_n');
        expect(quantileEstimate(TO_1000.slice(0, 381), 0.99, 0.05).status).toBe('ok');
        expect(quantileBand(0.01, 380, 0.05).status).toBe('insufficient_n');
        expect(ok(quantileBand(0.5, 100, 0.05)).upper).toBeCloseTo(0.5 + 0.098, 4);
    });

    it('counts each row for itself when every unit has one', () => {
        const clustered = ok(
            clusteredQuantileEstimate(
                TO_1000.map((value) => [value]),
                0.5,
                0.05,
            ),
        );
        const independent = ok(quantileEstimate(TO_1000, 0.5, 0.05));

        expect(clustered.variance).toBeCloseTo(independent.variance * (1000 / 999), 6);
    });

    it('has k times the variance when every row comes k times from its unit', () => {
        const repeated = TO_1000.map((value) => [value, value, value, value]);

        const clustered = ok(clusteredQuantileEstimate(repeated, 0.5, 0.05));
        const independent = ok(quantileEstimate(repeated.flat(), 0.5, 0.05));

        expect(clustered.variance / independent.variance).toBeCloseTo(4, 1);
        expect(clustered.count).toBe(1000);
        // Four copies tell no more than one.
        expect(clustered.variance / ok(quantileEstimate(TO_1000, 0.5, 0.05)).variance).toBeCloseTo(1, 1);
    });

    it('leaves units without rows out', () => {
        const units = [...TO_1000.map((value) => [value]), [], []];

        expect(ok(clusteredQuantileEstimate(units, 0.5, 0.05)).count).toBe(1000);
    });

    it('has statuses', () => {
        expect(quantileEstimate(Array<number>(500).fill(3), 0.5, 0.05).status).toBe('zero_variance');
        expect(quantileEstimate(TO_1000, 1, 0.05).status).toBe('invalid_input');
        expect(clusteredQuantileEstimate([TO_1000], 0.5, 0.05).status).toBe('insufficient_n');
        expect(clusteredQuantileEstimate([[1]], 0.5, 0.05).status).toBe('insufficient_n');
        expect(quantileEstimateFrom({ value: 1, lower: 2, upper: 3 }, 10, 2).status).toBe('invalid_input');
        expect(quantileEstimateFrom({ value: 2, lower: 1, upper: 3 }, 10, 0).status).toBe('invalid_input');
    });
});
