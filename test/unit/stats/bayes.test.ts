import { describe, expect, it } from 'vitest';
import { chanceByIntegral, chanceBySum, compareBetas } from '#stats/beta-posterior.ts';
import { contrastOf } from '#stats/contrast.ts';
import { liftEstimate, liftPrior, normalPosterior } from '#stats/normal-posterior.ts';
import { ok } from './ok.ts';
import { relativeError } from './relative-error.ts';

const of = (successes: number, trials: number) => ({ successes, trials });

describe('two rates with beta posteriors', () => {
    it('reproduces GrowthBook’s risks of 49/100 against 51/100: 0.03872 and 0.01912', () => {
        const result = ok(compareBetas(of(49, 100), of(51, 100)));

        expect(result.lossIfKept).toBeCloseTo(0.03872, 5);
        expect(result.lossIfShipped).toBeCloseTo(0.01912, 5);
        // mpmath 1.4.1.
        expect(result.chanceToWin).toBeCloseTo(0.610770522687839, 12);
    });

    it('has losses that differ by the difference of the posterior means', () => {
        const result = ok(compareBetas(of(30, 400), of(45, 390)));

        const means = 46 / 392 - 31 / 402;

        expect(result.lossIfKept - result.lossIfShipped).toBeCloseTo(means, 12);
    });

    it('has the loss mC P(C’ > T) - mT P(C > T’) with one success more in C’ and T’', () => {
        const result = ok(compareBetas(of(30, 400), of(45, 390)));
        const [c, t] = [result.control, result.treatment];

        const more = ({ a, b }: typeof c) => ({ a: a + 1, b });
        const expected = (c.a / (c.a + c.b)) * chanceBySum(t, more(c)) - (t.a / (t.a + t.b)) * chanceBySum(more(t), c);

        expect(result.lossIfShipped).toBeCloseTo(expected, 12);
    });

    it('agrees between the sum and the integral, from a handful of units to a million', () => {
        const pairs = [
            [
                { a: 1, b: 1 },
                { a: 1, b: 3 },
            ],
            [
                { a: 4, b: 90 },
                { a: 9, b: 100 },
            ],
            [
                { a: 4000, b: 1e8 },
                { a: 40, b: 1e6 },
            ],
            [
                { a: 300, b: 1e5 },
                { a: 45_000, b: 1.4e7 },
            ],
        ] as const;

        for (const [c, t] of pairs) {
            expect(chanceByIntegral(c, t)).toBeCloseTo(chanceBySum(c, t), 8);
            expect(chanceBySum(c, t) + chanceBySum(t, c)).toBeCloseTo(1, 9);
        }
        expect(chanceBySum({ a: 1, b: 1 }, { a: 1, b: 3 })).toBeCloseTo(0.25, 12);
    });

    it('takes priors that are not whole numbers (mpmath 1.4.1)', () => {
        const result = ok(compareBetas(of(3, 12), of(6, 13), { a: 0.5, b: 0.25 }));

        expect(relativeError(result.chanceToWin, 0.865211480146257)).toBeLessThan(1e-9);
        expect(relativeError(result.lossIfShipped, 0.0126499699041992)).toBeLessThan(1e-9);
        expect(relativeError(result.lossIfKept, 0.210867438709903)).toBeLessThan(1e-9);
    });

    it('takes Jeffreys’ prior where an arm has no successes, or nothing else (mpmath 1.4.1)', () => {
        const jeffreys = { a: 0.5, b: 0.5 };

        expect(ok(compareBetas(of(2, 40), of(0, 50), jeffreys)).chanceToWin).toBeCloseTo(0.0525072845875875, 10);
        expect(ok(compareBetas(of(38, 40), of(50, 50), jeffreys)).chanceToWin).toBeCloseTo(0.947492715412425, 10);
    });

    it('keeps a tiny loss positive', () => {
        const { lossIfShipped, chanceToWin } = ok(compareBetas(of(1000, 100_000), of(1500, 100_000)));

        expect(lossIfShipped).toBeGreaterThan(0);
        expect(lossIfShipped).toBeLessThan(1e-20);
        expect(chanceToWin).toBeCloseTo(1, 11);
    });

    it('has an opinion before there is data: none', () => {
        expect(ok(compareBetas(of(0, 0), of(0, 0))).chanceToWin).toBeCloseTo(0.5, 12);
        expect(ok(compareBetas(of(0, 0), of(0, 0), { a: 0.5, b: 0.5 })).chanceToWin).toBeCloseTo(0.5, 12);
    });

    it('refuses nonsense', () => {
        expect(compareBetas(of(3, 2), of(1, 2)).status).toBe('invalid_input');
        expect(compareBetas(of(1, 2), of(1, 2), { a: 0, b: 1 }).status).toBe('invalid_input');
        expect(compareBetas(of(1, 2), of(1, 2), { a: 1, b: Number.POSITIVE_INFINITY }).status).toBe('invalid_input');
    });
});

describe('the normal posterior', () => {
    it('without a prior is the estimate: chance to win is 1 minus the one-sided p value', () => {
        const result = ok(normalPosterior({ mean: 1.96, variance: 1 }, undefined, 0.05));

        expect(result.chanceToWin).toBeCloseTo(0.9750021, 6);
        expect(result.credible.lower).toBeCloseTo(0.000036, 6);
        // s phi(z) - mu Phi(-z), with the tables' phi(1.96) = 0.05844 and Phi(-1.96) = 0.025.
        expect(result.lossIfShipped).toBeCloseTo(0.05844 - 1.96 * 0.024998, 5);
        expect(result.lossIfKept - result.lossIfShipped).toBeCloseTo(1.96, 12);
    });

    it('weights prior and estimate by precision', () => {
        const result = ok(normalPosterior({ mean: 0.1, variance: 0.01 }, { mean: 0, variance: 0.09 }, 0.05));

        expect(result.mean).toBeCloseTo(0.09, 12);
        expect(result.variance).toBeCloseTo(0.009, 12);
        expect(result.credible.upper).toBeCloseTo(0.09 + 1.95996398454005 * Math.sqrt(0.009), 12);
        // Phi(0.09 / 0.0948683) = Phi(0.948683).
        expect(result.chanceToWin).toBeCloseTo(0.8286, 4);
    });

    it('keeps a tiny loss positive far out', () => {
        const { lossIfShipped } = ok(normalPosterior({ mean: 30, variance: 1 }, undefined, 0.05));

        // phi(z)/z^2 (1 - 3/z^2 + 15/z^4) for large z.
        const phi = Math.exp(-450) / Math.sqrt(2 * Math.PI);
        expect(relativeError(lossIfShipped, (phi / 900) * (1 - 3 / 900 + 15 / 810_000))).toBeLessThan(1e-6);
    });

    it('states an effect as a lift with the delta method’s variance', () => {
        const c = { value: -4, variance: 0.04, count: 100 };
        const t = { value: -3, variance: 0.09, count: 100 };

        const lift = liftEstimate(contrastOf(c, t))!;

        expect(lift.mean).toBeCloseTo(0.25, 14);
        expect(lift.variance).toBeCloseTo(0.09 / 16 + (0.04 * 9) / 256, 14);
        expect(liftEstimate(contrastOf({ ...c, value: 0 }, t))).toBeUndefined();
        expect(liftPrior({ mean: 2, variance: 8 }, -4)).toEqual({ mean: 0.5, variance: 0.5 });
    });

    it('has statuses', () => {
        expect(normalPosterior({ mean: 1, variance: 0 }, undefined, 0.05).status).toBe('zero_variance');
        expect(normalPosterior({ mean: Number.NaN, variance: 1 }, undefined, 0.05).status).toBe('invalid_input');
        expect(normalPosterior({ mean: 1, variance: 1 }, { mean: 0, variance: -1 }, 0.05).status).toBe('invalid_input');
        expect(normalPosterior({ mean: 1, variance: 1 }, undefined, 1).status).toBe('invalid_input');
    });
});
