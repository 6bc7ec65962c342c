import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareArms } from '#core/experiment/compare.ts';
import { describeMetric } from '#core/experiment/metrics.ts';
import { openBook } from '#core/experiment/moments.ts';
import type { MomentsRow } from '#core/experiment/rows.ts';
import { aMean, aRatio, aShare } from './rows-builder.ts';

function compare(metric: string, rows: readonly MomentsRow[]) {
    const book = openBook(rows);
    const arm = (variant: string) => ({ variant, moments: book.pooled({ metric, variant }) });
    return compareArms(describeMetric(metric, book.hasDenominator(metric)), arm('control'), arm('treatment'), 0.05);
}

describe('comparing two arms', () => {
    it('reads means by the Welch test', () => {
        const { test, difference } = compare('revenue', [
            aMean('revenue', 'control', [0, 0, 10, 20]),
            aMean('revenue', 'treatment', [5, 15, 25, 35]),
        ]);

        // By hand: (20 - 7.5) / sqrt(s_T^2 / 4 + s_C^2 / 4) with s_T^2 = 500/3 and s_C^2 = 275/3.
        expect(test).toMatchObject({
            status: 'ok',
            method: 'welch_t',
            statistic: expect.closeTo(12.5 / Math.sqrt(775 / 12), 12),
        });
        expect(difference).toMatchObject({ status: 'ok', value: 12.5 });
    });

    it('reads ratios as one sum over another, not as a mean of ratios', () => {
        const { control, treatment, test } = compare('bounce_rate', [
            aRatio('bounce_rate', 'control', [
                [1, 1],
                [0, 3],
                [1, 2],
            ]),
            aRatio('bounce_rate', 'treatment', [
                [2, 2],
                [1, 4],
                [0, 1],
            ]),
        ]);

        expect(control).toMatchObject({ numerator: 2, denominator: 6, value: { status: 'ok', value: 1 / 3 } });
        expect(treatment).toMatchObject({ numerator: 3, denominator: 7, value: { status: 'ok', value: 3 / 7 } });
        expect(test).toMatchObject({ method: 'delta_method_t' });
    });

    it('says why a ratio over nothing has no value', () => {
        const { difference } = compare('bounce_rate', [
            aRatio('bounce_rate', 'control', [
                [0, 0],
                [0, 0],
            ]),
            aRatio('bounce_rate', 'treatment', [
                [1, 2],
                [0, 1],
            ]),
        ]);

        expect(difference).toEqual({ status: 'undefined_denominator', why: 'An arm has nothing to divide by.' });
    });

    it('adds the exact p-value where counts are low', () => {
        const { exactPValue, flags } = compare('purchased', [
            aShare('purchased', 'control', 1, 20),
            aShare('purchased', 'treatment', 4, 20),
        ]);

        // Fisher, two-sided, of (1, 19; 4, 16)
        expect(exactPValue).toBeCloseTo(0.3416, 4);
        expect(flags).toEqual(['low_counts']);
    });

    it('shows an absolute change where control is too uncertain for a relative one', () => {
        const { difference, lift } = compare('revenue', [
            aMean('revenue', 'control', [0, 0, 0, 100]),
            aMean('revenue', 'treatment', [0, 0, 50, 100]),
        ]);

        expect(difference.status).toBe('ok');
        expect(lift).toMatchObject({ status: 'unbounded' });
    });

    it('never lets test, interval of the difference and interval of the lift contradict each other', () => {
        const share = fc
            .integer({ min: 1, max: 400 })
            .chain((units) => fc.tuple(fc.nat({ max: units }), fc.constant(units)));
        fc.assert(
            fc.property(share, share, ([xc, nc], [xt, nt]) => {
                const { test, difference, lift } = compare('purchased', [
                    aShare('purchased', 'control', xc, nc),
                    aShare('purchased', 'treatment', xt, nt),
                ]);
                fc.pre(test.status === 'ok' && difference.status === 'ok' && Math.abs(test.pValue - 0.05) > 1e-9);
                const isClaimed = test.pValue < 0.05;
                expect(difference.low > 0 || difference.high < 0).toBe(isClaimed);
                if (lift.status === 'ok') expect(lift.low > 0 || lift.high < 0).toBe(isClaimed);
            }),
            { numRuns: 300, seed: 7 },
        );
    });
});
