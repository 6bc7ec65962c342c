import { describe, expect, it } from 'vitest';
import { gailSimon, heterogeneity } from '#stats/interaction.ts';
import { ok } from './ok.ts';

describe('heterogeneity of segments', () => {
    const effects = [
        { difference: 0.3, variance: 0.04 },
        { difference: 0.1, variance: 0.01 },
        { difference: -0.2, variance: 0.09 },
        { difference: 0.5, variance: 0.0225 },
    ];

    it('agrees with statsmodels 0.15.0 combine_effects (Q, I^2, tau^2 and fixed effect)', () => {
        const result = ok(heterogeneity(effects));

        expect(result.q).toBeCloseTo(7.01709401709402, 12);
        expect(result.iSquared).toBeCloseTo(0.572472594397077, 12);
        expect(result.tauSquared).toBeCloseTo(0.0364906832298137, 13);
        expect(result.pooled.difference).toBeCloseTo(0.207692307692308, 13);
        // One over the sum of the precisions 25, 100, 11.1 and 44.4.
        expect(result.pooled.variance).toBeCloseTo(0.0055384615384615, 14);
        expect(result.degreesOfFreedom).toBe(3);
        expect(result.pValue).toBeCloseTo(0.07135, 5);
    });

    it('pulls noisy segments further towards the common effect than precise ones', () => {
        const { shrunken, pooled, tauSquared } = ok(heterogeneity(effects));

        shrunken.forEach((value, i) => {
            const { difference, variance } = effects[i]!;
            const kept = tauSquared / (tauSquared + variance);
            expect(value).toBeCloseTo(pooled.difference + kept * (difference - pooled.difference), 12);
        });
    });

    it('is the square of the z that compares two segments', () => {
        const result = ok(heterogeneity(effects.slice(0, 2)));

        expect(result.q).toBeCloseTo((0.3 - 0.1) ** 2 / (0.04 + 0.01), 12);
    });

    it('finds nothing in equal effects and shrinks them to one value', () => {
        const equal = ok(heterogeneity([0.1, 0.2].map((variance) => ({ difference: 2, variance }))));

        expect(equal).toMatchObject({ q: 0, pValue: 1, iSquared: 0, tauSquared: 0, shrunken: [2, 2] });
    });

    it('has statuses for one segment, no variance and nonsense', () => {
        expect(heterogeneity(effects.slice(1, 2)).status).toBe('insufficient_n');
        expect(heterogeneity([effects[0]!, { difference: 1, variance: 0 }]).status).toBe('zero_variance');
        expect(heterogeneity([effects[0]!, { difference: Number.NaN, variance: 1 }]).status).toBe('invalid_input');
    });
});

describe('Gail and Simon’s crossover test', () => {
    it('reproduces the breast cancer trial of Gail & Simon (1985): Q+ 4.28, Q- 10.94, p 0.088', () => {
        const differences = [0.163, -0.114, -0.047, -0.151];
        const errors = [0.0788, 0.0689, 0.0614, 0.0547];

        const result = ok(gailSimon(differences.map((difference, i) => ({ difference, variance: errors[i]! ** 2 }))));

        expect(result.qPositive).toBeCloseTo(4.28, 2);
        expect(result.qNegative).toBeCloseTo(10.94, 2);
        expect(result.statistic).toBe(result.qPositive);
        expect(result.pValue).toBeCloseTo(0.0877, 4);
    });

    // Gail & Simon (1985), Table 1: critical values by number of segments.
    it.each([
        [2, 2.71, 0.05],
        [3, 4.23, 0.05],
        [4, 5.43, 0.05],
        [5, 6.5, 0.05],
        [2, 6.63, 0.005],
        [3, 8.61, 0.005],
    ])('with %i segments has the published critical value %f', (segments, critical, level) => {
        const one = { difference: Math.sqrt(critical), variance: 1 };
        const rest = Array.from({ length: segments - 1 }, () => ({ difference: -10, variance: 1 }));

        expect(ok(gailSimon([one, ...rest])).pValue).toBeCloseTo(level, level < 0.01 ? 4 : 3);
    });

    it('has no crossover when all effects point the same way', () => {
        const same = [1, 2, 3].map((difference) => ({ difference, variance: 0.01 }));

        expect(ok(gailSimon(same))).toMatchObject({ statistic: 0, pValue: 1 });
    });

    it('has statuses for one segment and nonsense', () => {
        expect(gailSimon([{ difference: 1, variance: 1 }]).status).toBe('insufficient_n');
        expect(
            gailSimon([
                { difference: 1, variance: -1 },
                { difference: 1, variance: 1 },
            ]).status,
        ).toBe('invalid_input');
    });
});
