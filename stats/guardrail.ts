import type { Contrast } from './contrast.ts';
import { type Interval, intervalAround } from './interval.ts';
import { normalCritical, normalSf } from './numerics/normal.ts';
import { studentCritical, studentSf } from './numerics/student.ts';
import { type Computed, computed } from './result.ts';

/** In the order they are decided; only the two that begin with `pass` let an experiment ship. */
export type GuardrailVerdict =
    /** The whole interval lies beyond the margin. */
    | 'fail_beyond_margin'
    /** Not worse than the margin, but worse than the control. */
    | 'pass_with_cost'
    /** Shown not to be worse than the margin allows. */
    | 'pass'
    /** Worse than the control, and the margin cannot be excluded. */
    | 'fail_harm'
    /** Too little data to show anything. Never a pass. */
    | 'inconclusive';

export interface GuardrailOptions {
    /** How much worse, relative to the control's value, is tolerated: 0.05 is 5 %. */
    readonly margin: number;
    readonly better: 'higher' | 'lower';
    /** One-sided level of the non-inferiority test, 0.025 by convention. */
    readonly alpha: number;
    /** Decides the verdict instead of the fixed-horizon critical value: an anytime one before the planned size. */
    readonly critical?: number | undefined;
}

export interface Guardrail {
    readonly verdict: GuardrailVerdict;
    /** Slack over its standard error; positive is the safe side. */
    readonly statistic: number;
    /** One-sided p value of "worse than the margin allows". */
    readonly pValue: number;
    /** One-sided p value of "not worse than the control". */
    readonly harmPValue: number;
    /** Distance to the margin in the metric's unit; positive is the safe side. */
    readonly slack: number;
    readonly slackInterval: Interval;
}

export type GuardrailResult =
    | Computed<Guardrail>
    | { readonly status: 'zero_baseline' | 'zero_variance' | 'invalid_input' };

/**
 * A non-inferiority test with a relative margin. `comparison` is a result of compareMeans, compareRatios or
 * anything else with a contrast. The verdict agrees with the lift interval at the same critical value: non-inferior
 * exactly when its bad end is on the safe side of the margin.
 */
export function guardrail(
    comparison: { readonly contrast: Contrast; readonly degreesOfFreedom?: number | undefined },
    options: GuardrailOptions,
): GuardrailResult {
    const { margin, better, alpha } = options;
    if (!(margin >= 0 && Number.isFinite(margin)) || !(alpha > 0 && alpha < 0.5)) return { status: 'invalid_input' };
    const { contrast, degreesOfFreedom: df } = comparison;
    const { difference, baseline, differenceVariance } = contrast;
    if (baseline === 0) return { status: 'zero_baseline' };
    const { slack, variance } = slackOf(contrast, options);
    if (!(variance > 0) || !(differenceVariance > 0)) return { status: 'zero_variance' };
    const fixed = df === undefined ? normalCritical(2 * alpha) : studentCritical(2 * alpha, df);
    const critical = options.critical ?? fixed;
    const sf = (t: number): number => (df === undefined ? normalSf(t) : studentSf(t, df));
    const statistic = slack / Math.sqrt(variance);
    const harm = (better === 'higher' ? -difference : difference) / Math.sqrt(differenceVariance);
    return computed({
        verdict: verdictOf(statistic, harm, critical),
        statistic,
        pValue: sf(statistic),
        harmPValue: sf(harm),
        slack,
        slackInterval: intervalAround(slack, critical * Math.sqrt(variance)),
    });
}

/**
 * Distance to the margin (positive is the safe side) with its variance: the treatment's value minus the worst value
 * tolerated, in the direction that counts.
 */
export function slackOf(
    { difference, baseline, differenceVariance, baselineVariance, covariance }: Contrast,
    { margin, better }: Pick<GuardrailOptions, 'margin' | 'better'>,
): { readonly slack: number; readonly variance: number } {
    const gain = better === 'higher' ? 1 : -1;
    // A multiple of the baseline whose sign makes it a change for the worse in every case.
    const tolerance = gain * margin * Math.sign(baseline);
    return {
        slack: gain * (difference + tolerance * baseline),
        variance: differenceVariance + tolerance * tolerance * baselineVariance + 2 * tolerance * covariance,
    };
}

function verdictOf(statistic: number, harm: number, critical: number): GuardrailVerdict {
    const isWorse = harm > critical;
    if (statistic < -critical) return 'fail_beyond_margin';
    if (statistic > critical) return isWorse ? 'pass_with_cost' : 'pass';
    return isWorse ? 'fail_harm' : 'inconclusive';
}
