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
}

export interface Guardrail {
    readonly verdict: GuardrailVerdict;
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
    { margin, better, alpha }: GuardrailOptions,
): GuardrailResult {
    if (!(margin >= 0 && Number.isFinite(margin)) || !(alpha > 0 && alpha < 0.5)) return { status: 'invalid_input' };
    const { contrast, degreesOfFreedom: df } = comparison;
    const { difference, baseline, differenceVariance, baselineVariance, covariance } = contrast;
    if (baseline === 0) return { status: 'zero_baseline' };
    // The tolerated change as a multiple of the baseline, signed so that it is a change for the worse in every case.
    const tolerance = margin * Math.sign(baseline) * (better === 'higher' ? 1 : -1);
    const gain = better === 'higher' ? 1 : -1;
    const slack = gain * (difference + tolerance * baseline);
    const slackVariance = differenceVariance + tolerance * tolerance * baselineVariance + 2 * tolerance * covariance;
    if (!(slackVariance > 0) || !(differenceVariance > 0)) return { status: 'zero_variance' };
    const critical = df === undefined ? normalCritical(2 * alpha) : studentCritical(2 * alpha, df);
    const sf = (t: number): number => (df === undefined ? normalSf(t) : studentSf(t, df));
    const statistic = slack / Math.sqrt(slackVariance);
    const harm = (-gain * difference) / Math.sqrt(differenceVariance);
    return computed({
        verdict: verdictOf(statistic, harm, critical),
        pValue: sf(statistic),
        harmPValue: sf(harm),
        slack,
        slackInterval: intervalAround(slack, critical * Math.sqrt(slackVariance)),
    });
}

function verdictOf(statistic: number, harm: number, critical: number): GuardrailVerdict {
    const isWorse = harm > critical;
    if (statistic < -critical) return 'fail_beyond_margin';
    if (statistic > critical) return isWorse ? 'pass_with_cost' : 'pass';
    return isWorse ? 'fail_harm' : 'inconclusive';
}
