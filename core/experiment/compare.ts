import { type Contrast, contrastOf } from '#stats/contrast.ts';
import type { JointMoments } from '#stats/joint-moments.ts';
import { fiellerLift } from '#stats/lift.ts';
import { newcombeInterval } from '#stats/newcombe.ts';
import { normalCritical } from '#stats/numerics/normal.ts';
import { proportionTest } from '#stats/proportion.ts';
import { compareEstimates } from '#stats/welch.ts';
import { describeArm, estimateArm, proportionOf } from './arm_value.ts';
import type { Comparison, Estimate, Missing, Outcome } from './document.ts';
import type { Metric } from './metrics.ts';
import { missing, missingBecause } from './missing.ts';

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

/** The contrast of two arms, or why there is none. */
export function effectOf(metric: Metric, control: ArmMoments, treatment: ArmMoments, alpha: number): Outcome<Effect> {
    const units = [control.moments.count, treatment.moments.count];
    const [c, t] = [estimateArm(metric, control.moments), estimateArm(metric, treatment.moments)];
    if (c.status !== 'ok') return missingBecause(c.status, metric, units);
    if (t.status !== 'ok') return missingBecause(t.status, metric, units);
    if (metric.kind === 'proportion') {
        const contrast = contrastOf(c, t);
        return { status: 'ok', contrast, degreesOfFreedom: undefined, critical: normalCritical(alpha) };
    }
    const welch = compareEstimates(c, t, alpha);
    if (welch.status !== 'ok') return missingBecause(welch.status, metric, units);
    return {
        status: 'ok',
        contrast: welch.contrast,
        degreesOfFreedom: welch.degreesOfFreedom,
        critical: welch.critical,
    };
}

/** Compares a treatment arm with control on one metric at two-sided level alpha. Never throws, never gives NaN. */
export function compareArms(metric: Metric, control: ArmMoments, treatment: ArmMoments, alpha: number): Comparison {
    const effect = effectOf(metric, control, treatment, alpha);
    const none = missing('not_applicable', 'Only made for the goals.');
    return {
        metric,
        control: describeArm(metric, control.variant, control.moments, alpha),
        treatment: describeArm(metric, treatment.variant, treatment.moments, alpha),
        ...(metric.kind === 'proportion'
            ? compareProportions(metric, control, treatment, alpha)
            : compareByWelch(metric, control, treatment, alpha)),
        lift: effect.status === 'ok' ? liftOf(metric, effect.contrast, effect.critical) : effect,
        anytime: none,
        anytimeLift: none,
        detectable: none,
    };
}

/** The lift's Fieller interval at a critical value, in the document's terms. */
export function liftOf(metric: Metric, contrast: Contrast, critical: number): Outcome<Estimate> {
    const lift = fiellerLift(contrast, critical);
    if (lift.status !== 'ok') return missingBecause(lift.status, metric, []);
    return { status: 'ok', value: lift.lift, low: lift.lower, high: lift.upper };
}

type Tested = Pick<Comparison, 'test' | 'difference' | 'waldDifference' | 'exactPValue' | 'flags'>;

function compareProportions(metric: Metric, control: ArmMoments, treatment: ArmMoments, alpha: number): Tested {
    const [c, t] = [proportionOf(control.moments), proportionOf(treatment.moments)];
    const units = [c.trials, t.trials];
    const tested = proportionTest(c, t, alpha);
    const newcombe = newcombeInterval(c, t, alpha);
    const difference: Tested['difference'] =
        newcombe.status === 'ok'
            ? {
                  status: 'ok',
                  method: 'newcombe',
                  value: t.successes / t.trials - c.successes / c.trials,
                  low: newcombe.lower,
                  high: newcombe.upper,
              }
            : missingBecause(newcombe.status, metric, units);
    if (tested.status !== 'ok') {
        const why = missingBecause(tested.status, metric, units);
        return { test: why, difference, waldDifference: why, exactPValue: null, flags: [] };
    }
    const { waldInterval: wald } = tested;
    return {
        test: {
            status: 'ok',
            method: 'two_proportion_z',
            statistic: tested.z,
            degreesOfFreedom: null,
            pValue: tested.pValue,
        },
        difference,
        waldDifference: { status: 'ok', value: tested.difference, low: wald.lower, high: wald.upper },
        exactPValue: tested.exactPValue ?? null,
        flags: tested.lowCounts ? ['low_counts'] : [],
    };
}

function compareByWelch(metric: Metric, control: ArmMoments, treatment: ArmMoments, alpha: number): Tested {
    const waldDifference = missing('not_applicable', 'Only made for shares.');
    const none = (why: Missing): Tested => ({
        test: why,
        difference: why,
        waldDifference,
        exactPValue: null,
        flags: [],
    });
    const units = [control.moments.count, treatment.moments.count];
    const [c, t] = [estimateArm(metric, control.moments), estimateArm(metric, treatment.moments)];
    if (c.status !== 'ok') return none(missingBecause(c.status, metric, units));
    if (t.status !== 'ok') return none(missingBecause(t.status, metric, units));
    const welch = compareEstimates(c, t, alpha);
    if (welch.status !== 'ok') return none(missingBecause(welch.status, metric, units));
    const isRatio = metric.kind === 'ratio';
    return {
        test: {
            status: 'ok',
            method: isRatio ? 'delta_method_t' : 'welch_t',
            statistic: welch.statistic,
            degreesOfFreedom: welch.degreesOfFreedom ?? null,
            pValue: welch.pValue,
        },
        difference: {
            status: 'ok',
            method: isRatio ? 'delta_method' : 'welch',
            value: welch.difference,
            low: welch.interval.lower,
            high: welch.interval.upper,
        },
        waldDifference,
        exactPValue: null,
        flags: [],
    };
}
