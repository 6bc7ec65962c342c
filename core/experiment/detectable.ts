import { detectableRate } from '#stats/detectable.ts';
import { normalCritical } from '#stats/numerics/normal.ts';
import { detectableDifference, powerOfDifference } from '#stats/power.ts';
import type { ArmMoments } from './compare.ts';
import { effectOf } from './compare.ts';
import type { Comparison } from './document.ts';
import type { Metric } from './metrics.ts';
import { missing } from './outcome.ts';

/**
 * The smallest true rise this many users find with the given power by the fixed-size test. Not the power at the
 * effect seen, which is only the p-value in other words.
 */
export function detectableChange(
    metric: Metric,
    control: ArmMoments,
    treatment: ArmMoments,
    { alpha, power }: { readonly alpha: number; readonly power: number },
): Comparison['detectable'] {
    const effect = effectOf(metric, control, treatment, alpha);
    if (effect.status !== 'ok') return effect;
    const { baseline, differenceVariance } = effect.contrast;
    const target = { critical: normalCritical(alpha), power };
    const ratio = treatment.moments.count / control.moments.count;
    const found =
        metric.kind === 'proportion'
            ? detectableRate(baseline, control.moments.count, { ...target, ratio })
            : detectableDifference(Math.sqrt(differenceVariance), baseline, target);
    if (found.status === 'ok') return { status: 'ok', absolute: found.absolute, relative: found.relative };
    return missing('no_baseline', 'Control is zero or too small: no change can be named that would be found.');
}

/**
 * How likely the users so far find a true relative change of `lift` by the fixed-size test: the change the plan
 * names, never the one that was seen. `null` without a baseline.
 */
export function powerAtLift(
    metric: Metric,
    control: ArmMoments,
    treatment: ArmMoments,
    { alpha, lift }: { readonly alpha: number; readonly lift: number },
): number | null {
    const effect = effectOf(metric, control, treatment, alpha);
    if (effect.status !== 'ok' || effect.contrast.baseline === 0) return null;
    const { baseline, differenceVariance } = effect.contrast;
    const raised = Math.min(1, baseline * (1 + lift));
    const variance =
        metric.kind === 'proportion'
            ? (baseline * (1 - baseline)) / control.moments.count + (raised * (1 - raised)) / treatment.moments.count
            : differenceVariance;
    return variance > 0 ? powerOfDifference(baseline * lift, Math.sqrt(variance), normalCritical(alpha)) : null;
}
