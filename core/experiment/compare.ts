import { type Contrast, contrastOf } from '#stats/contrast.ts';
import type { JointMoments } from '#stats/joint-moments.ts';
import { normalCritical } from '#stats/numerics/normal.ts';
import type { Comparison as WelchComparison } from '#stats/welch.ts';
import { compareEstimates } from '#stats/welch.ts';
import { describeArm, estimateArm, proportionOf } from './arm-value.ts';
import type { Comparison, Outcome } from './document.ts';
import type { Metric } from './metrics.ts';
import { liftOutcome, missing, missingBecause } from './outcome.ts';
import { compareShares, type Tested } from './shares.ts';

/** One arm's side of a comparison. */
export interface ArmMoments {
    readonly variant: string;
    readonly moments: JointMoments;
}

/** What every interval and test of one comparison is made from. */
export interface Effect {
    readonly contrast: Contrast;
    /** `undefined` where the reference distribution is normal. */
    readonly degreesOfFreedom: number | undefined;
    /** Two-sided, at the level asked for. */
    readonly critical: number;
}

/** Compares a treatment arm with control on one metric at two-sided level alpha. Never throws, never gives NaN. */
export function compareArms(metric: Metric, control: ArmMoments, treatment: ArmMoments, alpha: number): Comparison {
    const none = missing('not_applicable', 'Only made for goals and guardrails.');
    const tested =
        metric.kind === 'proportion'
            ? compareShares(metric, proportionOf(control.moments), proportionOf(treatment.moments), alpha)
            : compareByWelch(metric, control, treatment, alpha);
    return {
        metric,
        control: describeArm(metric, control.variant, control.moments, alpha),
        treatment: describeArm(metric, treatment.variant, treatment.moments, alpha),
        ...tested,
        anytime: none,
        anytimeLift: none,
        detectable: none,
    };
}

/** The contrast of two arms, or why there is none. */
export function effectOf(metric: Metric, control: ArmMoments, treatment: ArmMoments, alpha: number): Outcome<Effect> {
    if (metric.kind !== 'proportion') return welchOf(metric, control, treatment, alpha);
    const units = [control.moments.count, treatment.moments.count];
    const [c, t] = [estimateArm(metric, control.moments), estimateArm(metric, treatment.moments)];
    if (c.status !== 'ok') return missingBecause(c.status, metric, units);
    if (t.status !== 'ok') return missingBecause(t.status, metric, units);
    if (c.variance + t.variance === 0) return missingBecause('zero_variance', metric, units);
    return { status: 'ok', contrast: contrastOf(c, t), degreesOfFreedom: undefined, critical: normalCritical(alpha) };
}

function welchOf(metric: Metric, control: ArmMoments, treatment: ArmMoments, alpha: number): Outcome<WelchComparison> {
    const units = [control.moments.count, treatment.moments.count];
    const [c, t] = [estimateArm(metric, control.moments), estimateArm(metric, treatment.moments)];
    if (c.status !== 'ok') return missingBecause(c.status, metric, units);
    if (t.status !== 'ok') return missingBecause(t.status, metric, units);
    const welch = compareEstimates(c, t, alpha);
    return welch.status === 'ok' ? welch : missingBecause(welch.status, metric, units);
}

function compareByWelch(metric: Metric, control: ArmMoments, treatment: ArmMoments, alpha: number): Tested {
    const notForMeans = missing('not_applicable', 'Only made for shares.');
    const constant = { newcombeDifference: notForMeans, waldDifference: notForMeans, exactPValue: null, flags: [] };
    const welch = welchOf(metric, control, treatment, alpha);
    if (welch.status !== 'ok') return { ...constant, test: welch, difference: welch, lift: welch };
    return {
        ...constant,
        test: {
            status: 'ok',
            method: metric.kind === 'ratio' ? 'delta_method_t' : 'welch_t',
            statistic: welch.statistic,
            degreesOfFreedom: welch.degreesOfFreedom ?? null,
            pValue: welch.pValue,
        },
        difference: { status: 'ok', value: welch.difference, low: welch.interval.lower, high: welch.interval.upper },
        lift: liftOutcome(metric, welch.lift),
    };
}
