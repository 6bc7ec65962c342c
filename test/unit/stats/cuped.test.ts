import { describe, expect, it } from 'vitest';
import { type CovarianceMoments, covarianceMomentsOf, mergeCovarianceMoments } from '#stats/covariance-moments.ts';
import { cupedComparison } from '#stats/cuped.ts';
import { type JointMoments, jointMomentsOf } from '#stats/joint-moments.ts';
import { liftEstimate } from '#stats/normal-posterior.ts';
import { ratioCupedComparison } from '#stats/ratio-cuped.ts';
import { ok } from './ok.ts';

const X = [
    5.0, 4.0, 3.4, 5.2, 3.3, 7.1, 5.4, 4.9, 1.4, 0.7, 1.5, 5.6, 4.8, 1.1, 5.6, 2.5, 2.5, 9.3, 4.6, 5.3, 5.3, 1.1, 5.5,
    17.4, 1.6, 7.6, 8.1, 8.1, 2.8, 3.4, 1.7, 4.3, 10.9, 2.5, 0.6, 4.6, 8.2, 3.7, 13.5, 3.9, 4.5, 1.8, 3.5, 8.0, 8.1,
    10.3, 7.6, 6.5, 0.5, 2.3, 19.7, 3.0, 7.2, 4.2, 7.3, 4.7, 1.9, 2.4, 5.8, 3.0,
];
const Y = [
    2.0, 3.4, 4.3, 2.9, 4.9, 5.0, 6.5, 4.6, 3.3, 2.7, -0.1, 8.3, 7.0, 2.7, 5.1, 3.7, 1.5, 11.0, 3.9, 6.1, 4.1, 1.8, 3.5,
    17.7, 2.0, 9.4, 7.5, 7.3, 2.7, 3.8, 2.4, 4.8, 9.3, 1.8, 0.3, 8.1, 6.6, 3.3, 12.3, 7.1, 2.4, 3.0, 2.9, 5.7, 8.6,
    10.1, 7.2, 6.0, 2.1, 2.9, 16.5, 2.6, 4.9, 7.3, 6.1, 6.1, 2.5, 3.2, 4.9, 5.2,
];

/** Even positions are the control, odd ones the treatment. */
const arm = (parity: number, change: (y: number, x: number) => number = (y) => y): JointMoments =>
    jointMomentsOf(X.map((x, i) => ({ x, y: change(Y[i]!, x) })).filter((_, i) => i % 2 === parity));

describe('CUPED', () => {
    it('has the slope and effect of an analysis of covariance (statsmodels 0.15.0 OLS of y on arm and x)', () => {
        const result = ok(cupedComparison(arm(0), arm(1), { alpha: 0.05 }));

        expect(result.theta.control).toBeCloseTo(0.847428687326077, 12);
        expect(result.difference).toBeCloseTo(1.05569338471456, 12);
        expect(result.theta.treatment).toBe(result.theta.control);
    });

    it('with a slope per arm has the effect of Lin’s regression, and nearly its robust error (HC2 0.36007)', () => {
        const result = ok(cupedComparison(arm(0), arm(1), { alpha: 0.05, slope: 'per_arm' }));

        expect(result.difference).toBeCloseTo(1.05892104520188, 11);
        expect(result.theta.control).toBeCloseTo(0.814567276204267, 11);
        expect(result.theta.treatment).toBeCloseTo(0.814567276204267 + 0.0802836966223888, 11);
        expect(result.standardError).toBeCloseTo(0.36007, 1);
    });

    it('keeps the means on the metric’s scale and reports what the covariate bought', () => {
        const result = ok(cupedComparison(arm(0), arm(1), { alpha: 0.05 }));

        expect(result.adjustedMeans.treatment - result.adjustedMeans.control).toBeCloseTo(result.difference, 12);
        const raw = (arm(0).meanY + arm(1).meanY) / 2;
        expect((result.adjustedMeans.treatment + result.adjustedMeans.control) / 2).toBeCloseTo(raw, 12);
        expect(result.varianceReduction).toBeCloseTo(1 - (result.standardError / result.raw.standardError) ** 2, 12);
        expect(result.varianceReduction).toBeGreaterThan(0.8);
        expect(result.varianceReduction).toBeCloseTo(result.correlation ** 2, 1);
        expect(result.warnings).toEqual([]);
    });

    it('never does worse than the raw variance with the within-arm slope, up to sampling of the slope', () => {
        const result = ok(cupedComparison(arm(0), arm(1), { alpha: 0.05, slope: 'total' }));
        const within = ok(cupedComparison(arm(0), arm(1), { alpha: 0.05 }));

        expect(result.theta.control).not.toBeCloseTo(within.theta.control, 3);
        expect(within.standardError).toBeLessThanOrEqual(result.standardError);
    });

    it('agrees with itself about zero: p, difference and lift', () => {
        const result = ok(cupedComparison(arm(0), arm(1), { alpha: 0.01 }));

        expect(result.pValue < 0.01).toBe(result.interval.lower > 0);
        expect(ok(result.lift).lower > 0).toBe(result.interval.lower > 0);
        expect(ok(result.lift).lift).toBeCloseTo(result.difference / arm(0).meanY, 12);
    });

    it('warns when the arms differed before exposure', () => {
        const shifted = jointMomentsOf(X.map((x, i) => ({ x: x + 10, y: Y[i]! })));

        expect(ok(cupedComparison(arm(0), shifted, { alpha: 0.05 })).warnings).toContain('pre_exposure_bias');
        expect(ok(cupedComparison(arm(0), shifted, { alpha: 0.05, tests: 1e20 })).warnings).not.toContain(
            'pre_exposure_bias',
        );
    });

    it('warns when the adjustment turns the sign', () => {
        // The treatment's units came in lower, so raw it looks worse and adjusted better.
        const low = jointMomentsOf(X.map((x, i) => ({ x: x - 2, y: Y[i]! - 1 })));

        const result = ok(cupedComparison(arm(0), low, { alpha: 0.05 }));

        expect(result.raw.difference).toBeLessThan(0);
        expect(result.difference).toBeGreaterThan(0);
        expect(result.warnings).toContain('sign_flip');
    });

    it('has statuses', () => {
        const flat = jointMomentsOf(Y.map((y) => ({ x: 3, y })));
        const line = (values: number[]) => jointMomentsOf(values.map((x) => ({ x, y: 2 * x })));

        expect(cupedComparison(flat, flat, { alpha: 0.05 }).status).toBe('zero_covariate_variance');
        expect(cupedComparison(arm(0), jointMomentsOf([]), { alpha: 0.05 }).status).toBe('insufficient_n');
        expect(cupedComparison({ ...arm(0), comoment: 1e9 }, arm(1), { alpha: 0.05 }).status).toBe('invalid_input');
        expect(cupedComparison(arm(0), arm(1), { alpha: 0 }).status).toBe('invalid_input');
        expect(cupedComparison(line([1, 2, 3]), line([2, 4, 6]), { alpha: 0.05 }).status).toBe('zero_variance');
    });
});

describe('CUPED of a ratio', () => {
    /** Moments from sums, sums of squares and sums of products of (m, d, m0, d0) over 100 units. */
    const from = (sums: number[], products: number[][]): CovarianceMoments => ({
        count: 100,
        means: sums.map((sum) => sum / 100),
        comoments: products.map((row, i) => row.map((value, j) => value - (sums[i]! * sums[j]!) / 100)),
    });

    const control = from(
        [485.112236689623, 679.909327584492, 192.591380699915, 290.139839975023],
        [
            [2715.48466611814, 3602.1468367767, 1113.62157593184, 1559.28784349447],
            [3602.1468367767, 4939.42400164024, 1460.3181079277, 2130.94040744467],
            [1113.62157593184, 1460.3181079277, 460.076026390857, 634.239482353647],
            [1559.28784349447, 2130.94040744467, 634.239482353647, 920.94613850389],
        ],
    );
    const treatment = from(
        [514.775782660878, 705.409087438376, 206.941572274025, 302.543891391073],
        [
            [2994.89748270501, 3918.15614316007, 1237.0953021126, 1701.02872700403],
            [3918.15614316007, 5291.36604146392, 1604.07595032665, 2292.08173977526],
            [1237.0953021126, 1604.07595032665, 514.290370224676, 698.417342581791],
            [1701.02872700403, 2292.08173977526, 698.417342581791, 994.450620812566],
        ],
    );

    it('reproduces GrowthBook’s adjusted ratio (gbstats test_tests.py: lift -0.0007, standard error 0.00391)', () => {
        const result = ok(ratioCupedComparison(control, treatment, { alpha: 0.05 }));

        const lift = liftEstimate(result.contrast)!;
        expect(lift.mean).toBeCloseTo(-0.0007, 4);
        expect(Math.sqrt(lift.variance)).toBeCloseTo(0.00391, 5);
        expect(result.pValue).toBeCloseTo(0.858, 2);
    });

    it('is plain CUPED when both denominators are one', () => {
        const rows = (parity: number) => X.map((x, i) => [Y[i]!, 1, x, 1]).filter((_, i) => i % 2 === parity);

        const asRatio = ok(
            ratioCupedComparison(covarianceMomentsOf(rows(0)), covarianceMomentsOf(rows(1)), { alpha: 0.05 }),
        );

        const asMean = ok(cupedComparison(arm(0), arm(1), { alpha: 0.05 }));
        expect(asRatio.difference).toBeCloseTo(asMean.difference, 11);
        expect(asRatio.pValue).toBeCloseTo(asMean.pValue, 11);
        expect(asRatio.theta.control).toBeCloseTo(asMean.theta.control, 11);
    });

    it('has statuses', () => {
        const empty = covarianceMomentsOf([
            [1, 0, 1, 1],
            [2, 0, 1, 1],
        ]);

        const narrow = covarianceMomentsOf([[1, 2]]);
        const statusWith = (treated: CovarianceMoments): string =>
            ratioCupedComparison(control, treated, { alpha: 0.05 }).status;

        expect(statusWith(empty)).toBe('undefined_denominator');
        expect(statusWith(narrow)).toBe('invalid_input');
        expect(statusWith({ ...control, comoments: narrow.comoments })).toBe('invalid_input');
        expect(statusWith({ ...control, comoments: control.comoments.map((row) => row.slice(1)) })).toBe(
            'invalid_input',
        );
    });
});

describe('covariance moments', () => {
    it('merge to those of the whole', () => {
        const rows = X.map((x, i) => [x, Y[i]!, x * Y[i]!]);

        const merged = mergeCovarianceMoments(
            covarianceMomentsOf(rows.slice(0, 7)),
            covarianceMomentsOf(rows.slice(7)),
        );
        const whole = covarianceMomentsOf(rows);

        expect(merged.count).toBe(60);
        merged.comoments.flat().forEach((value, i) => {
            expect(value / whole.comoments.flat()[i]!).toBeCloseTo(1, 10);
        });
        const joint = jointMomentsOf(X.map((x, i) => ({ x, y: Y[i]! })));
        expect(whole.comoments[0]![1]).toBeCloseTo(joint.comoment, 9);
        expect(whole.comoments[1]![1]).toBeCloseTo(joint.m2Y, 9);
    });

    it('leave each other alone when one side is empty', () => {
        const some = covarianceMomentsOf([[1, 2]]);
        const none = covarianceMomentsOf([]);

        expect(mergeCovarianceMoments(some, none)).toBe(some);
        expect(mergeCovarianceMoments(none, some)).toBe(some);
    });
});
