import fc from 'fast-check';
import { describe, it } from 'vitest';
import { type AnytimePlan, anytimeTest } from '#stats/anytime.ts';
import { cupedComparison } from '#stats/cuped.ts';
import { guardrail } from '#stats/guardrail.ts';
import type { Interval } from '#stats/interval.ts';
import type { Lift } from '#stats/lift.ts';
import { postStratifiedComparison } from '#stats/post-stratification.ts';
import { compareProportions } from '#stats/proportions.ts';
import { type Comparison, compareMeans, compareRatios } from '#stats/welch.ts';
import { jointMoments, level, moments, proportion } from './arbitraries.ts';

/** Closer to its level than this, a p value is on either side of it by rounding alone. */
const ROUNDING = 1e-9;

const excludesZero = ({ lower, upper }: Interval): boolean => lower > 0 || upper < 0;

/** p < alpha, zero outside the difference interval and zero outside the lift interval: all three or none. */
function agree(test: { pValue: number; interval: Interval; lift: Lift }, alpha: number): boolean {
    if (Math.abs(test.pValue / alpha - 1) < ROUNDING) return true;
    const isSignificant = test.pValue < alpha;
    if (excludesZero(test.interval) !== isSignificant) return false;
    return test.lift.status !== 'ok' || excludesZero(test.lift) === isSignificant;
}

const isCoherent = (result: { status: string } & Partial<Comparison>, alpha: number): boolean =>
    result.status !== 'ok' || agree(result as Comparison, alpha);

describe('p value, difference interval and lift interval never contradict each other', () => {
    it('for rates', () => {
        fc.assert(
            fc.property(proportion, proportion, level, (c, t, alpha) =>
                isCoherent(compareProportions(c, t, alpha), alpha),
            ),
            { numRuns: 1500 },
        );
    });

    it('for rates that barely differ from significance', () => {
        // The treatment's successes one by one across the level.
        fc.assert(
            fc.property(fc.integer({ min: 200, max: 2000 }), fc.integer({ min: 3, max: 150 }), (n, x) => {
                for (let more = 10; more < 60; more++) {
                    const test = compareProportions(
                        { successes: x, trials: n },
                        { successes: x + more, trials: n },
                        0.05,
                    );
                    if (!isCoherent(test, 0.05)) return false;
                }
                return true;
            }),
            { numRuns: 40 },
        );
    });

    it('for means', () => {
        fc.assert(
            fc.property(moments, moments, level, (c, t, alpha) => isCoherent(compareMeans(c, t, alpha), alpha)),
            { numRuns: 2000 },
        );
    });

    it('for ratio metrics', () => {
        fc.assert(
            fc.property(jointMoments, jointMoments, level, (c, t, alpha) =>
                isCoherent(compareRatios(c, t, alpha), alpha),
            ),
            { numRuns: 1000 },
        );
    });

    it('for adjusted means, whichever slope', () => {
        const slope = fc.constantFrom('within', 'total', 'per_arm');
        fc.assert(
            fc.property(jointMoments, jointMoments, level, slope, (c, t, alpha, source) =>
                isCoherent(cupedComparison(c, t, { alpha, slope: source }), alpha),
            ),
            { numRuns: 1000 },
        );
    });

    it('for stratified means', () => {
        const strata = fc.array(fc.record({ control: moments, treatment: moments }), { minLength: 1, maxLength: 4 });
        fc.assert(
            fc.property(strata, level, (some, alpha) => isCoherent(postStratifiedComparison(some, alpha), alpha)),
            { numRuns: 500 },
        );
    });

    it('for one look of an anytime-valid test', () => {
        const plan = fc.record({ alpha: level, plannedUnits: fc.integer({ min: 2, max: 1e7 }) });
        fc.assert(
            fc.property(moments, moments, plan, (c, t, { alpha, plannedUnits }: AnytimePlan) => {
                const fixed = compareMeans(c, t, alpha);
                if (fixed.status !== 'ok') return true;
                const look = { contrast: fixed.contrast, units: c.count + t.count };
                const test = anytimeTest(look, { alpha, plannedUnits });
                return test.status !== 'ok' || agree(test, alpha);
            }),
            { numRuns: 1000 },
        );
    });
});

describe('a guardrail never contradicts the lift interval', () => {
    it('passes exactly when the bad end of the interval is on the safe side of the margin', () => {
        const margin = fc.double({ min: 0, max: 0.9, noNaN: true });
        fc.assert(
            fc.property(moments, moments, margin, fc.constantFrom('higher', 'lower'), (c, t, m, better) => {
                const comparison = compareMeans(c, t, 0.05);
                if (comparison.status !== 'ok' || comparison.lift.status !== 'ok') return true;
                const result = guardrail(comparison, { margin: m, better, alpha: 0.025 });
                if (result.status !== 'ok' || Math.abs(result.pValue / 0.025 - 1) < ROUNDING) return true;
                const { lower, upper } = comparison.lift;
                const isSafe = better === 'higher' ? lower > -m : upper < m;
                return result.verdict.startsWith('pass') === isSafe;
            }),
            { numRuns: 2000 },
        );
    });
});
