import { detectableRate } from '#stats/detectable.ts';
import { normalCritical } from '#stats/numerics/normal.ts';
import { detectableDifference } from '#stats/power.ts';
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
