import { describe, expect, it } from 'vitest';
import type { LogisticRow } from '#stats/logistic/design.ts';
import { fitFirth, fitLogistic } from '#stats/logistic/fit.ts';
import { ok } from '../ok.ts';

// Finney (Biometrika 34, 1947): vasoconstriction by volume and rate of air inspired (robustbase::vaso).
const VOLUME = [
    3.7, 3.5, 1.25, 0.75, 0.8, 0.7, 0.6, 1.1, 0.9, 0.9, 0.8, 0.55, 0.6, 1.4, 0.75, 2.3, 3.2, 0.85, 1.7, 1.8, 0.4, 0.95,
    1.35, 1.5, 1.6, 0.6, 1.8, 0.95, 1.9, 1.6, 2.7, 2.35, 1.1, 1.1, 1.2, 0.8, 0.95, 0.75, 1.3,
];
const RATE = [
    0.825, 1.09, 2.5, 1.5, 3.2, 3.5, 0.75, 1.7, 0.75, 0.45, 0.57, 2.75, 3, 2.33, 3.75, 1.64, 1.6, 1.415, 1.06, 1.8, 2,
    1.36, 1.35, 1.36, 1.78, 1.5, 1.5, 1.9, 0.95, 0.4, 0.75, 0.03, 1.83, 2.2, 2, 3.33, 1.9, 1.9, 1.625,
];
const OUTCOME = [
    1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 0, 1, 0, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 0, 1, 1, 1, 0, 0, 1,
];
const VASO: readonly LogisticRow[] = OUTCOME.map((successes, i) => ({
    x: [Math.log(VOLUME[i]!), Math.log(RATE[i]!)],
    successes,
    trials: 1,
}));
const TERMS = ['ln volume', 'ln rate'];
const OPTIONS = { alpha: 0.05 };

const cell = (x: number, successes: number, trials: number): LogisticRow => ({ x: [x], successes, trials });

describe('logistic regression', () => {
    it('reproduces Pregibon’s fit of Finney’s data (Ann. Stat. 9, 1981): -2.875, 5.179, 4.562; deviance 29.23', () => {
        const fit = ok(fitLogistic(TERMS, VASO, OPTIONS));

        expect(fit.coefficients.map(({ term }) => term)).toEqual(['intercept', ...TERMS]);
        [-2.87542171021681, 5.17932401927189, 4.56167527880711].forEach((expected, i) => {
            expect(fit.coefficients[i]!.estimate).toBeCloseTo(expected, 9);
        });
        expect(-2 * fit.logLikelihood).toBeCloseTo(29.23, 2);
    });

    it('has the errors and the fit statistics of statsmodels 0.15.0', () => {
        const fit = ok(fitLogistic(TERMS, VASO, OPTIONS));

        [1.3207932935108, 1.86484965371331, 1.8379910538581].forEach((expected, i) => {
            expect(fit.coefficients[i]!.standardError).toBeCloseTo(expected, 8);
        });
        expect(fit.logLikelihood).toBeCloseTo(-14.613687640353, 10);
        // statsmodels finds the null likelihood by iteration, so its last digits are not exact.
        expect(fit.nullLogLikelihood).toBeCloseTo(-27.019918126, 8);
        expect(fit.nullLogLikelihood).toBeCloseTo(20 * Math.log(20 / 39) + 19 * Math.log(19 / 39), 12);
        expect(fit.mcFadden).toBeCloseTo(0.45915129822317, 8);
        expect(fit.aic).toBeCloseTo(35.2273752807059, 9);
        expect(fit.bic).toBeCloseTo(40.2180602190949, 9);
        expect(fit.likelihoodRatio.pValue).toBeCloseTo(4.09300767518427e-6, 13);
        expect(fit.likelihoodRatio.degreesOfFreedom).toBe(2);
    });

    it('has the robust (HC0) and clustered errors of statsmodels 0.15.0', () => {
        const robust = ok(fitLogistic(TERMS, VASO, { ...OPTIONS, errors: 'robust' }));
        const clustered = ok(
            fitLogistic(
                TERMS,
                VASO.map((row, i) => ({ ...row, cluster: Math.floor(i / 3) })),
                OPTIONS,
            ),
        );

        [1.87062199957834, 2.36424211651878, 2.24322597135554].forEach((expected, i) => {
            expect(robust.coefficients[i]!.standardError).toBeCloseTo(expected, 8);
        });
        [1.78371294994599, 2.30298543075027, 1.98000360781829].forEach((expected, i) => {
            expect(clustered.coefficients[i]!.standardError).toBeCloseTo(expected, 8);
        });
    });

    it('is the log odds ratio of a 2x2 table, with Woolf’s standard error', () => {
        const fit = ok(fitLogistic(['treatment'], [cell(0, 20, 100), cell(1, 30, 100)], OPTIONS));
        const treatment = fit.coefficients[1]!;

        expect(treatment.estimate).toBeCloseTo(Math.log((30 * 80) / (20 * 70)), 12);
        expect(treatment.standardError).toBeCloseTo(Math.sqrt(1 / 20 + 1 / 80 + 1 / 30 + 1 / 70), 12);
        expect(treatment.oddsRatio!.estimate).toBeCloseTo(12 / 7, 12);
        expect(treatment.lower).toBeCloseTo(treatment.estimate - 1.95996398454005 * treatment.standardError, 12);
        expect(treatment.upper).toBeCloseTo(treatment.estimate + 1.95996398454005 * treatment.standardError, 12);
        expect(treatment.oddsRatio!.lower).toBeCloseTo(Math.exp(treatment.lower), 12);
        expect(treatment.oddsRatio!.upper).toBeCloseTo(Math.exp(treatment.upper), 12);
        expect(treatment.z).toBeCloseTo(treatment.estimate / treatment.standardError, 12);
    });

    it('without terms is the rate itself, with nothing to test', () => {
        const fit = ok(fitLogistic([], [{ x: [], successes: 20, trials: 100 }], OPTIONS));

        expect(fit.coefficients[0]!.estimate).toBeCloseTo(Math.log(0.25), 12);
        expect(fit.likelihoodRatio).toEqual({ chiSquare: 0, degreesOfFreedom: 0, pValue: 1 });
        expect(fit.mcFadden).toBeCloseTo(0, 12);
    });

    it('does not care whether units come one by one or counted', () => {
        const counted = [cell(0, 2, 5), cell(1, 3, 4), cell(2.5, 5, 6)];
        const single = counted.flatMap(({ x, successes, trials }) =>
            Array.from({ length: trials }, (_, i) => ({ x, successes: i < successes ? 1 : 0, trials: 1 })),
        );

        const a = ok(fitLogistic(['x'], counted, { ...OPTIONS, errors: 'robust' }));
        const b = ok(fitLogistic(['x'], single, { ...OPTIONS, errors: 'robust' }));

        expect(a.coefficients[1]!.estimate).toBeCloseTo(b.coefficients[1]!.estimate, 11);
        expect(a.coefficients[1]!.standardError).toBeCloseTo(b.coefficients[1]!.standardError, 11);
        expect(a.bic).toBeCloseTo(b.bic, 10);
    });

    it('is not disturbed by the unit a column is measured in', () => {
        const scaled = VASO.map((row) => ({ ...row, x: [row.x[0]! * 1e9, row.x[1]! * 1e-9] }));

        const fit = ok(fitLogistic(TERMS, scaled, OPTIONS));

        expect(fit.coefficients[1]!.estimate * 1e9).toBeCloseTo(5.17932401927189, 8);
        expect(fit.coefficients[2]!.estimate * 1e-9).toBeCloseTo(4.56167527880711, 8);
        // Odds per unit of 1e-9 are beyond every double.
        expect(fit.coefficients[2]!.oddsRatio).toBeUndefined();
        expect(fit.coefficients[2]!.z).toBeCloseTo(4.56167527880711 / 1.8379910538581, 7);
    });

    it('names terms that repeat others and fits the rest', () => {
        const rows = VASO.map((row) => ({ ...row, x: [row.x[0]!, 3, row.x[1]!, row.x[0]! - 2 * row.x[1]!] }));

        const fit = fitLogistic(['ln volume', 'constant', 'ln rate', 'mix'], rows, OPTIONS);

        expect(fit.status).toBe('singular');
        if (fit.status !== 'singular') return;
        expect(fit.dropped).toEqual(['constant', 'mix']);
        expect(fit.kept).toEqual([0, 1, 3]);
        expect(fit.coefficients[2]!.estimate).toBeCloseTo(4.56167527880711, 9);
    });

    it('reports certainty instead of a coefficient that runs away, with Firth’s estimate beside it', () => {
        const fit = fitLogistic(['treatment'], [cell(0, 0, 50), cell(1, 10, 50)], OPTIONS);

        expect(fit.status).toBe('separated');
        if (fit.status !== 'separated') return;
        // One half added to every cell.
        expect(fit.firth!.coefficients[0]!.estimate).toBeCloseTo(Math.log(0.5 / 50.5), 8);
        expect(fit.firth!.coefficients[1]!.estimate).toBeCloseTo(Math.log((10.5 * 50.5) / (0.5 * 40.5)), 8);
    });

    it('reports complete separation by a number, too', () => {
        const rows = Array.from({ length: 20 }, (_, i) => cell(i, i < 10 ? 0 : 1, 1));

        expect(fitLogistic(['x'], rows, OPTIONS).status).toBe('separated');
    });

    it('does not take a very strong but overlapping effect for separation', () => {
        const rows = [cell(0, 1, 1_000_000), cell(1, 999_999, 1_000_000)];

        expect(ok(fitLogistic(['x'], rows, OPTIONS)).coefficients[1]!.estimate).toBeCloseTo(2 * Math.log(999_999), 6);
    });

    it('has statuses for what cannot be fitted', () => {
        expect(fitLogistic(['x'], [cell(0, 0, 5), cell(1, 0, 5)], OPTIONS).status).toBe('no_outcome_variation');
        expect(fitLogistic(['x'], [cell(0, 5, 5)], OPTIONS).status).toBe('no_outcome_variation');
        expect(fitLogistic(['x'], [], OPTIONS).status).toBe('no_outcome_variation');
        expect(fitLogistic(['x'], [cell(0, 1, 1), cell(1, 0, 1)], OPTIONS).status).toBe('underdetermined');
        expect(fitLogistic(['x', 'y'], [cell(0, 1, 2)], OPTIONS).status).toBe('invalid_input');
        expect(fitLogistic(['x'], [cell(Number.NaN, 1, 2)], OPTIONS).status).toBe('invalid_input');
        expect(fitLogistic(['x'], [cell(1, 3, 2)], OPTIONS).status).toBe('invalid_input');
        expect(fitLogistic(['x'], [cell(1, 1, 2)], { alpha: 0 }).status).toBe('invalid_input');
    });
});

describe('Firth’s regression', () => {
    it('adds one half to every cell of a saturated table, separated or not', () => {
        const fit = ok(fitFirth(['treatment'], [cell(0, 20, 100), cell(1, 30, 100)], OPTIONS));

        expect(fit.coefficients[1]!.estimate).toBeCloseTo(Math.log((30.5 * 80.5) / (20.5 * 70.5)), 9);
    });

    it('refuses nothing and nonsense', () => {
        expect(fitFirth(['x'], [], OPTIONS).status).toBe('invalid_input');
        expect(fitFirth(['x'], [cell(1, 3, 2)], OPTIONS).status).toBe('invalid_input');
    });
});
