import { describe, expect, it } from 'vitest';
import { averageEffect } from '#stats/logistic/average-effect.ts';
import { fitLogistic } from '#stats/logistic/fit.ts';
import { rateInteraction } from '#stats/logistic/interaction.ts';
import { ok } from '../ok.ts';

const of = (successes: number, trials: number) => ({ successes, trials });

// Treatment and a segment, with successes and trials.
const ROWS = [
    { x: [0, 0], ...of(30, 200) },
    { x: [1, 0], ...of(45, 210) },
    { x: [0, 1], ...of(70, 150) },
    { x: [1, 1], ...of(80, 140) },
];
const UNITS = ROWS.map(({ x, trials }) => ({ treated: [1, x[1]!], untreated: [0, x[1]!], weight: trials }));

describe('the average effect of a logistic model', () => {
    const fit = ok(fitLogistic(['treatment', 'segment'], ROWS, { alpha: 0.05 }));

    it('equals statsmodels 0.15.0 get_margeff(dummy=True): 0.081055 with standard error 0.032844', () => {
        const effect = ok(averageEffect(fit, UNITS, 0.05));

        expect(effect.difference).toBeCloseTo(0.0810548104637022, 9);
        expect(effect.standardError).toBeCloseTo(0.0328441794590228, 8);
        expect(effect.lower).toBeCloseTo(effect.difference - 1.959964 * effect.standardError, 7);
        expect(effect.pValue).toBeCloseTo(0.0136, 4);
    });

    it('is the difference of the rates when treatment is all there is', () => {
        const plain = ok(
            fitLogistic(
                ['treatment'],
                [
                    { x: [0], ...of(75, 350) },
                    { x: [1], ...of(110, 350) },
                ],
                { alpha: 0.05 },
            ),
        );

        const effect = ok(averageEffect(plain, [{ treated: [1], untreated: [0], weight: 700 }], 0.05));

        expect(effect.difference).toBeCloseTo(0.1, 10);
        const [c, t] = [75 / 350, 110 / 350];
        expect(effect.standardError).toBeCloseTo(Math.sqrt((c * (1 - c) + t * (1 - t)) / 350), 10);
    });

    it('skips terms that were left out of the fit', () => {
        const repeated = fitLogistic(
            ['again', 'constant', 'segment'],
            ROWS.map((row) => ({ ...row, x: [row.x[0]!, 1, row.x[1]!] })),
            { alpha: 0.05 },
        );
        if (repeated.status !== 'singular') throw new Error('expected a singular fit');
        const units = UNITS.map(({ treated, untreated, weight }) => ({
            treated: [treated[0]!, 1, treated[1]!],
            untreated: [untreated[0]!, 1, untreated[1]!],
            weight,
        }));

        expect(ok(averageEffect(repeated, units, 0.05)).difference).toBeCloseTo(0.0810548104637022, 9);
    });

    it('has statuses', () => {
        const same = [{ treated: [1, 0], untreated: [1, 0], weight: 5 }];

        expect(averageEffect(fit, [], 0.05).status).toBe('insufficient_n');
        expect(averageEffect(fit, same, 0.05).status).toBe('zero_variance');
        expect(averageEffect(fit, [{ treated: [1], untreated: [0], weight: 1 }], 0.05).status).toBe('invalid_input');
        expect(averageEffect(fit, UNITS, 1).status).toBe('invalid_input');
    });
});

describe('treatment by segment on the odds scale', () => {
    const segments = [
        { control: of(30, 200), treatment: of(45, 210) },
        { control: of(70, 150), treatment: of(80, 140) },
    ];

    it('is the likelihood ratio of the interaction (statsmodels 0.15.0: 0.0016117, p 0.96798)', () => {
        const result = ok(rateInteraction(segments));

        expect(result.chiSquare).toBeCloseTo(0.00161171236766222, 9);
        expect(result.pValue).toBeCloseTo(0.967976618909532, 6);
        expect(result.degreesOfFreedom).toBe(1);
    });

    it('finds an effect that turns', () => {
        const result = ok(
            rateInteraction([
                { control: of(50, 500), treatment: of(90, 500) },
                { control: of(90, 500), treatment: of(50, 500) },
                { control: of(70, 500), treatment: of(70, 500) },
            ]),
        );

        expect(result.degreesOfFreedom).toBe(2);
        expect(result.pValue).toBeLessThan(1e-5);
    });

    it('copes with an empty cell of the saturated model', () => {
        const result = ok(rateInteraction([segments[0]!, { control: of(5, 50), treatment: of(0, 50) }]));

        expect(result.pValue).toBeLessThan(0.05);
    });

    it('has statuses', () => {
        expect(rateInteraction(segments.slice(1)).status).toBe('insufficient_n');
        expect(rateInteraction([segments[0]!, { control: of(0, 0), treatment: of(1, 2) }]).status).toBe(
            'insufficient_n',
        );
        expect(
            rateInteraction([
                { control: of(0, 5), treatment: of(0, 5) },
                { control: of(0, 5), treatment: of(0, 5) },
            ]).status,
        ).toBe('no_outcome_variation');
        expect(rateInteraction([segments[0]!, { control: of(9, 5), treatment: of(1, 2) }]).status).toBe(
            'invalid_input',
        );
        expect(rateInteraction([segments[0]!, { control: of(0, 5), treatment: of(0, 5) }]).status).toBe(
            'not_converged',
        );
    });
});
