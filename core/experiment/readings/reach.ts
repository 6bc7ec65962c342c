import { normalCritical } from '#stats/numerics/normal.ts';
import { type SampleSizeResult, sampleSize, sampleSizeByArcsine, sampleSizeOfRates } from '#stats/power.ts';
import { type ArmMoments, effectOf } from '../compare.ts';
import { powerAtLift } from '../detectable.ts';
import type { Metric } from '../metrics.ts';
import type { ExperimentPlan } from '../plan.ts';
import type { Reach, ReachRow } from './document.ts';

/** Relative changes a reader may have in mind. */
const LIFTS: readonly number[] = [0.02, 0.04, 0.06, 0.08, 0.1, 0.2];

/**
 * What one goal alone can find by the test at a planned size, at the plan's level and power: with the users so far,
 * and how many an arm it takes. Never for the change that was seen. `null` without a baseline.
 */
export function reachOf(
    plan: ExperimentPlan,
    metric: Metric,
    control: ArmMoments,
    treatment: ArmMoments,
): Reach | null {
    const effect = effectOf(metric, control, treatment, plan.alpha);
    if (effect.status !== 'ok' || effect.contrast.baseline === 0) return null;
    const { contrast } = effect;
    const isShare = metric.kind === 'proportion';
    const baseline = isShare ? statedRate(contrast.baseline) : contrast.baseline;
    const variance = contrast.baselineVariance * control.moments.count;
    const wanted = plan.minimumLift === null ? LIFTS : [...new Set([...LIFTS, plan.minimumLift])];
    const rows = [...wanted]
        .sort((a, b) => a - b)
        .map(
            (lift): ReachRow => ({
                lift,
                isPlanned: lift === plan.minimumLift,
                power: powerAtLift(metric, control, treatment, { alpha: plan.alpha, lift }),
                ...(isShare
                    ? rateSizes(baseline, lift, plan)
                    : { unitsByArcsine: null, unitsByNormal: meanSize(baseline * lift, variance, plan) }),
            }),
        );
    return { metric, variant: treatment.variant, baseline, rows };
}

/**
 * Users an arm for a relative change of a rate, by the two formulas calculators use; the exact solutions, not rounded.
 * `null` where the change leads to no rate.
 */
export function rateSizes(
    baseline: number,
    lift: number,
    { alpha, power }: Pick<ExperimentPlan, 'alpha' | 'power'>,
): Pick<ReachRow, 'unitsByArcsine' | 'unitsByNormal'> {
    const target = { critical: normalCritical(alpha), power, ratio: 1 };
    const raised = baseline * (1 + lift);
    return {
        unitsByArcsine: exact(sampleSizeByArcsine(baseline, raised, target)),
        unitsByNormal: exact(sampleSizeOfRates(baseline, raised, target)),
    };
}

/** A rate as the page prints it, to a hundredth of a percent: sizes are computed from what a reader can type in. */
export function statedRate(rate: number): number {
    return Math.round(rate * 1e4) / 1e4 || rate;
}

function meanSize(delta: number, variance: number, { alpha, power }: ExperimentPlan): number | null {
    const target = { critical: normalCritical(alpha), power, ratio: 1 };
    return exact(sampleSize(delta, { control: variance, treatment: variance }, target));
}

function exact(size: SampleSizeResult): number | null {
    return size.status === 'ok' ? size.exactControl : null;
}
