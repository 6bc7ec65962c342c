import type { Contrast } from './contrast.ts';
import { type Interval, intervalAround } from './interval.ts';
import { normalCdf, normalCritical, normalPdf, normalSf } from './numerics/normal.ts';
import { type Computed, computed, isLevel } from './result.ts';

/** A normal distribution of an effect. */
export interface Normal {
    readonly mean: number;
    readonly variance: number;
}

export type NormalPosteriorResult =
    | Computed<{
          readonly mean: number;
          readonly variance: number;
          /** P(effect > 0). */
          readonly chanceToWin: number;
          /** Expected loss, on the effect's scale, if the treatment is shipped. */
          readonly lossIfShipped: number;
          /** Expected loss, on the effect's scale, if it is not. */
          readonly lossIfKept: number;
          readonly credible: Interval;
      }>
    | { readonly status: 'zero_variance' | 'invalid_input' };

/**
 * The posterior of a normally estimated effect under a normal prior (none: the estimate itself), weighted by
 * precision. `alpha` sets the credible interval, 1 - alpha.
 */
export function normalPosterior(estimate: Normal, prior: Normal | undefined, alpha: number): NormalPosteriorResult {
    const all = prior === undefined ? [estimate] : [estimate, prior];
    if (!isLevel(alpha) || !all.every(isNormal)) return { status: 'invalid_input' };
    if (all.some(({ variance }) => variance === 0)) return { status: 'zero_variance' };
    const precision = all.reduce((sum, { variance }) => sum + 1 / variance, 0);
    const mean = all.reduce((sum, part) => sum + part.mean / part.variance, 0) / precision;
    const sd = Math.sqrt(1 / precision);
    const z = mean / sd;
    return computed({
        mean,
        variance: 1 / precision,
        chanceToWin: normalCdf(z),
        lossIfShipped: Math.max(0, sd * (normalPdf(z) - z * normalSf(z))),
        lossIfKept: Math.max(0, sd * (normalPdf(z) + z * normalCdf(z))),
        credible: intervalAround(mean, normalCritical(alpha) * sd),
    });
}

/** The lift with its first-order variance, the scale on which priors of effects are stated. Undefined at baseline 0. */
export function liftEstimate(contrast: Contrast): Normal | undefined {
    const { difference, baseline, differenceVariance, baselineVariance, covariance } = contrast;
    if (baseline === 0) return undefined;
    const ratio = difference / baseline;
    const variance = differenceVariance - 2 * ratio * covariance + ratio * ratio * baselineVariance;
    return { mean: difference / Math.abs(baseline), variance: Math.max(0, variance) / (baseline * baseline) };
}

/** A prior of the absolute difference restated for the lift over a baseline other than 0. */
export function liftPrior(prior: Normal, baseline: number): Normal {
    return { mean: prior.mean / Math.abs(baseline), variance: prior.variance / (baseline * baseline) };
}

function isNormal({ mean, variance }: Normal): boolean {
    return Number.isFinite(mean) && Number.isFinite(variance) && variance >= 0;
}
