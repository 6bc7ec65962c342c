import { anytimeCritical, anytimePValue } from '#stats/anytime.ts';
import { guardrail } from '#stats/guardrail.ts';
import { guardrailSize } from '#stats/guardrail-size.ts';
import { powerPerTest } from '#stats/power.ts';
import { anytimeNow, anytimePlanOf } from './anytime.ts';
import type { ArmMoments } from './compare.ts';
import { compareArms, effectOf } from './compare.ts';
import type { GuardrailComparison } from './document.ts';
import type { Metric } from './metrics.ts';
import { missingBecause } from './outcome.ts';
import type { ExperimentPlan, PlannedGuardrail } from './plan.ts';

/** The two arms of a guardrail. */
export interface GuardrailArms {
    readonly metric: Metric;
    readonly control: ArmMoments;
    readonly treatment: ArmMoments;
}

/**
 * Reads a metric as "not worse than the margin". Until the planned size is reached the anytime critical value
 * decides: a guardrail looked at every day at its fixed level would fail, and pass, by chance far more often than
 * promised. Without numbers the verdict is inconclusive, never a pass.
 */
export function readGuardrail(
    plan: ExperimentPlan,
    { margin }: PlannedGuardrail,
    { metric, control, treatment }: GuardrailArms,
    isSizeReached: boolean,
): GuardrailComparison {
    const units = control.moments.count + treatment.moments.count;
    const effect = effectOf(metric, control, treatment, plan.alpha);
    const none = {
        ...compareArms(metric, control, treatment, plan.alpha),
        ...anytimeNow(plan, metric, control, treatment),
        margin,
        verdict: 'inconclusive' as const,
        unitsMissing: null,
        reading: isSizeReached ? ('fixed' as const) : ('anytime' as const),
    };
    if (effect.status !== 'ok') return { ...none, nonInferiorityPValue: effect, anytimeNonInferiorityPValue: effect };
    const wide = anytimeCritical(units, anytimePlanOf(plan));
    const options = { margin, better: metric.better, alpha: plan.alpha / 2 };
    const read = guardrail(effect, { ...options, critical: isSizeReached ? undefined : wide });
    if (read.status !== 'ok') {
        const why = missingBecause(read.status, metric, [units]);
        return { ...none, nonInferiorityPValue: why, anytimeNonInferiorityPValue: why };
    }
    const power = powerPerTest(plan.power, plan.guardrails.length);
    const size = guardrailSize(effect.contrast, units, { ...options, power });
    return {
        ...none,
        verdict: read.verdict,
        nonInferiorityPValue: { status: 'ok', pValue: read.pValue },
        anytimeNonInferiorityPValue: { status: 'ok', pValue: oneSided(read.statistic, units, plan) },
        unitsMissing: size.status === 'ok' ? size.missing : null,
    };
}

/** Below alpha / 2 exactly when the any-time interval lies on the safe side of the margin. */
function oneSided(statistic: number, units: number, plan: ExperimentPlan): number {
    const pValue = anytimePValue(statistic, units, anytimePlanOf(plan));
    return statistic > 0 && pValue < 1 ? pValue / 2 : 1;
}
