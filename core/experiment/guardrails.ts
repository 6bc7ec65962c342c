import { guardrail } from '#stats/guardrail.ts';
import { normalSf } from '#stats/numerics/normal.ts';
import type { ArmMoments } from './compare.ts';
import { effectOf } from './compare.ts';
import type { Comparison, GuardrailComparison } from './document.ts';
import { missingBecause } from './missing.ts';
import type { PlannedGuardrail } from './plan.ts';

/** How a guardrail is to be read. */
export interface GuardrailReading {
    /** Two-sided level; the non-inferiority test is one-sided at half of it. */
    readonly alpha: number;
    /**
     * The anytime critical value while the planned size is not reached, `null` after: a guardrail looked at
     * every day at its fixed level would fail, and pass, by chance far more often than promised.
     */
    readonly anytimeCritical: number | null;
}

/** Reads a comparison as "not worse than the margin". Without numbers the verdict is inconclusive, never a pass. */
export function readGuardrail(
    comparison: Comparison,
    control: ArmMoments,
    treatment: ArmMoments,
    planned: PlannedGuardrail,
    { alpha, anytimeCritical }: GuardrailReading,
): GuardrailComparison {
    const { metric } = comparison;
    const base = {
        ...comparison,
        margin: planned.margin,
        unitsMissing: null,
        reading: anytimeCritical === null ? ('fixed' as const) : ('anytime' as const),
    };
    const effect = effectOf(metric, control, treatment, alpha);
    if (effect.status !== 'ok') return { ...base, verdict: 'inconclusive', nonInferiorityPValue: effect };
    const options = { margin: planned.margin, better: metric.better };
    const fixed = guardrail(effect, { ...options, alpha: alpha / 2 });
    if (fixed.status !== 'ok') {
        const units = [control.moments.count, treatment.moments.count];
        return { ...base, verdict: 'inconclusive', nonInferiorityPValue: missingBecause(fixed.status, metric, units) };
    }
    // The level whose normal critical value is the anytime one: the five verdicts, read at the wider interval.
    const wide =
        anytimeCritical === null
            ? fixed
            : guardrail({ contrast: effect.contrast }, { ...options, alpha: normalSf(anytimeCritical) });
    return {
        ...base,
        verdict: wide.status === 'ok' ? wide.verdict : 'inconclusive',
        nonInferiorityPValue: { status: 'ok', pValue: fixed.pValue },
    };
}
