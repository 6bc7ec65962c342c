import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anytimeTest } from '#stats/anytime.ts';
import { compareBetas } from '#stats/beta-posterior.ts';
import type { Contrast } from '#stats/contrast.ts';
import { cupedComparison } from '#stats/cuped.ts';
import { detectableLiftByDelta, detectableRate } from '#stats/detectable.ts';
import { groupSequentialBounds } from '#stats/group-sequential.ts';
import { guardrail } from '#stats/guardrail.ts';
import { guardrailSize } from '#stats/guardrail-size.ts';
import { gailSimon, heterogeneity } from '#stats/interaction.ts';
import type { JointMoments } from '#stats/joint-moments.ts';
import { deltaLift, fiellerLift, logDeltaLift } from '#stats/lift.ts';
import { fitLogistic } from '#stats/logistic/fit.ts';
import { rateInteraction } from '#stats/logistic/interaction.ts';
import type { Moments } from '#stats/moments.ts';
import { benjaminiHochberg, holm } from '#stats/multiplicity.ts';
import { normalPosterior } from '#stats/normal-posterior.ts';
import { postStratifiedComparison } from '#stats/post-stratification.ts';
import { detectableDifference, sampleSize, sampleSizeOfRates } from '#stats/power.ts';
import { compareProportions } from '#stats/proportions.ts';
import { quantileEstimate } from '#stats/quantile-effect.ts';
import { srmTest } from '#stats/srm.ts';
import { sequentialSrm } from '#stats/srm-sequential.ts';
import { compareMeans, compareRatios } from '#stats/welch.ts';
import { wilsonInterval } from '#stats/wilson.ts';
import { winsoriseCap } from '#stats/winsorise.ts';
import { wildNumber } from './arbitraries.ts';

/** The names of numbers that are not finite, however deep. */
function notFinite(result: unknown, path = 'result'): string[] {
    if (typeof result === 'number') return Number.isFinite(result) ? [] : [path];
    if (typeof result !== 'object' || result === null) return [];
    return Object.entries(result).flatMap(([key, inner]) => notFinite(inner, `${path}.${key}`));
}

const small = fc.oneof(fc.nat(20), wildNumber);
const proportion = fc.record({ successes: small, trials: small });
const wildMoments: fc.Arbitrary<Moments> = fc.record({ count: small, mean: wildNumber, m2: wildNumber });
const wildJoint: fc.Arbitrary<JointMoments> = fc.record({
    count: small,
    meanX: wildNumber,
    m2X: wildNumber,
    meanY: wildNumber,
    m2Y: wildNumber,
    comoment: wildNumber,
});
const contrast: fc.Arbitrary<Contrast> = fc.record({
    difference: wildNumber,
    baseline: wildNumber,
    differenceVariance: wildNumber,
    baselineVariance: wildNumber,
    covariance: wildNumber,
});
const estimate = fc.record({ value: wildNumber, variance: wildNumber, count: small });
const effect = fc.record({ difference: wildNumber, variance: wildNumber });
const options = fc.record({ margin: wildNumber, better: fc.constantFrom('higher', 'lower'), alpha: wildNumber });
const target = fc.record({ critical: wildNumber, power: wildNumber, ratio: wildNumber });
const row = fc.record({ x: fc.array(wildNumber, { minLength: 1, maxLength: 1 }), successes: small, trials: small });
const list = fc.array(wildNumber, { maxLength: 8 });
const one = wildNumber;

// Counts stay small where a function's time grows with them; their validity is what is fuzzed.
const CASES: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
    compareProportions: fc.tuple(proportion, proportion, one).map(([c, t, a]) => compareProportions(c, t, a)),
    wilson: fc.tuple(proportion, one).map(([p, a]) => wilsonInterval(p, a)),
    compareMeans: fc.tuple(wildMoments, wildMoments, one).map(([c, t, a]) => compareMeans(c, t, a)),
    compareRatios: fc.tuple(wildJoint, wildJoint, one).map(([c, t, a]) => compareRatios(c, t, a)),
    cuped: fc.tuple(wildJoint, wildJoint, one).map(([c, t, alpha]) => cupedComparison(c, t, { alpha })),
    postStratified: fc
        .tuple(fc.array(fc.record({ control: wildMoments, treatment: wildMoments }), { maxLength: 3 }), one)
        .map(([strata, a]) => postStratifiedComparison(strata, a)),
    guardrail: fc.tuple(contrast, options).map(([c, o]) => guardrail({ contrast: c }, o)),
    guardrailSize: fc
        .tuple(contrast, small, options, one)
        .map(([c, n, o, power]) => guardrailSize(c, n, { ...o, power })),
    anytime: fc
        .tuple(contrast, small, one, one)
        .map(([c, units, alpha, plannedUnits]) => anytimeTest({ contrast: c, units }, { alpha, plannedUnits })),
    fieller: fc.tuple(contrast, one).map(([c, critical]) => fiellerLift(c, critical)),
    deltaLift: fc.tuple(estimate, estimate, one).map(([c, t, critical]) => deltaLift(c, t, critical)),
    logDeltaLift: fc.tuple(estimate, estimate, one).map(([c, t, critical]) => logDeltaLift(c, t, critical)),
    srm: fc.array(fc.record({ count: small, weight: wildNumber }), { maxLength: 4 }).map((arms) => srmTest(arms)),
    sequentialSrm: fc
        .tuple(fc.array(list, { maxLength: 3 }), list)
        .map(([looks, weights]) => sequentialSrm(looks, weights)),
    heterogeneity: fc.array(effect, { maxLength: 5 }).map(heterogeneity),
    gailSimon: fc.array(effect, { maxLength: 5 }).map(gailSimon),
    holm: list.map(holm),
    benjaminiHochberg: list.map(benjaminiHochberg),
    normalPosterior: fc
        .tuple(one, one, one, one, one)
        .map(([m, v, m0, v0, a]) => normalPosterior({ mean: m, variance: v }, { mean: m0, variance: v0 }, a)),
    compareBetas: fc.tuple(proportion, proportion).map(([c, t]) => compareBetas(c, t)),
    sampleSize: fc.tuple(one, one, one, target).map(([d, c, t, to]) => sampleSize(d, { control: c, treatment: t }, to)),
    sampleSizeOfRates: fc.tuple(one, one, target).map(([c, t, to]) => sampleSizeOfRates(c, t, to)),
    detectableDifference: fc.tuple(one, one, target).map(([se, b, to]) => detectableDifference(se, b, to)),
    detectableRate: fc.tuple(one, one, target).map(([b, n, to]) => detectableRate(b, n, to)),
    detectableLift: fc.tuple(one, one, one, target).map(([b, v, n, to]) => detectableLiftByDelta(b, v, n, to)),
    groupSequential: fc
        .tuple(fc.array(fc.oneof(fc.double({ min: 0.01, max: 1 }), wildNumber), { maxLength: 3 }), one)
        .map(([fractions, a]) => groupSequentialBounds(fractions, a)),
    quantile: fc.tuple(list, one, one).map(([values, nu, a]) => quantileEstimate(values, nu, a)),
    winsorise: fc.tuple(list, one).map(([values, q]) => winsoriseCap(values, { quantile: q })),
    logistic: fc
        .tuple(fc.array(row, { maxLength: 6 }), one)
        .map(([rows, alpha]) => fitLogistic(['x'], rows, { alpha })),
    rateInteraction: fc
        .array(fc.record({ control: proportion, treatment: proportion }), { maxLength: 3 })
        .map(rateInteraction),
};

describe('whatever the input', () => {
    it.each(Object.entries(CASES))('%s answers with a status and finite numbers, and does not throw', (_, result) => {
        fc.assert(
            fc.property(result, (answer) => {
                expect(answer).toHaveProperty('status');
                expect(notFinite(answer)).toEqual([]);
            }),
            { numRuns: 400 },
        );
    });
});
