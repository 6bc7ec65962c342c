import { contrastOf } from './contrast.ts';
import { type Proportion, proportionEstimate } from './estimate.ts';
import type { Interval } from './interval.ts';
import { newcombeInterval } from './newcombe.ts';
import { normalCritical } from './numerics/normal.ts';
import { type ProportionTest, proportionTest } from './proportion.ts';
import { computed } from './result.ts';
import { scoreDifferenceInterval } from './score-difference.ts';
import { scoreLift } from './score-ratio.ts';
import type { Comparison, ComparisonResult } from './welch.ts';

/** A comparison of two rates, with the other columns a reader may ask for. */
export interface ProportionComparison extends Comparison {
    readonly test: ProportionTest;
    readonly newcombeInterval: Interval;
}

export type ProportionComparisonResult =
    | ({ readonly status: 'ok' } & ProportionComparison)
    | Exclude<ComparisonResult, { readonly status: 'ok' }>;

/**
 * The pooled z test of two rates with the score intervals that belong to it: Mee's of the difference and
 * Koopman's of the lift. Zero is inside both exactly when p >= alpha.
 */
export function compareProportions(
    control: Proportion,
    treatment: Proportion,
    alpha: number,
): ProportionComparisonResult {
    const test = proportionTest(control, treatment, alpha);
    if (test.status !== 'ok') return test;
    const [c, t] = [proportionEstimate(control), proportionEstimate(treatment)];
    const newcombe = newcombeInterval(control, treatment, alpha);
    if (c.status !== 'ok' || t.status !== 'ok' || newcombe.status !== 'ok') return { status: 'invalid_input' };
    const critical = normalCritical(alpha);
    return computed({
        test,
        contrast: contrastOf(c, t),
        difference: test.difference,
        standardError: test.pooledStandardError,
        statistic: test.z,
        degreesOfFreedom: undefined,
        critical,
        pValue: test.pValue,
        interval: scoreDifferenceInterval(control, treatment, critical),
        lift: scoreLift(control, treatment, critical),
        newcombeInterval: { lower: newcombe.lower, upper: newcombe.upper },
    });
}
