import { dot, quadraticForm } from '../numerics/cholesky.ts';
import { normalCritical, normalTwoSided } from '../numerics/normal.ts';
import { type Computed, computed, isLevel } from '../result.ts';
import type { LogisticFit } from './fit.ts';
import { informationWeight, probabilityOf } from './likelihood.ts';

/** One group of units as it would look with and without the treatment; terms in the order of the fit's. */
export interface Counterfactual {
    readonly treated: readonly number[];
    readonly untreated: readonly number[];
    /** Units in the group. */
    readonly weight: number;
}

export type AverageEffectResult =
    | Computed<{
          /** Mean over the units of P(success | treated) - P(success | untreated). */
          readonly difference: number;
          readonly standardError: number;
          readonly pValue: number;
          readonly lower: number;
          readonly upper: number;
      }>
    | { readonly status: 'insufficient_n' | 'zero_variance' | 'invalid_input' };

/**
 * The model's effect on the scale decisions are made on (g-computation), with the delta method's standard error.
 * Takes interactions as they come, because the caller states both counterfactual rows in full.
 */
export function averageEffect(fit: LogisticFit, units: readonly Counterfactual[], alpha: number): AverageEffectResult {
    const beta = fit.coefficients.map((coefficient) => coefficient.estimate);
    const width = Math.max(0, ...fit.kept);
    const isValid = units.every(
        ({ treated, untreated, weight }) =>
            treated.length >= width && untreated.length >= width && weight >= 0 && Number.isFinite(weight),
    );
    if (!isValid || !isLevel(alpha)) return { status: 'invalid_input' };
    const total = units.reduce((sum, { weight }) => sum + weight, 0);
    if (!(total > 0)) return { status: 'insufficient_n' };
    const row = (x: readonly number[]): number[] => fit.kept.map((column) => (column === 0 ? 1 : x[column - 1]!));
    let difference = 0;
    const gradient = beta.map(() => 0);
    for (const { treated, untreated, weight } of units) {
        for (const [x, sign] of [
            [row(treated), 1],
            [row(untreated), -1],
        ] as const) {
            const eta = dot(x, beta);
            difference += (sign * weight * probabilityOf(eta)) / total;
            const slope = (sign * informationWeight(weight, eta)) / total;
            for (let i = 0; i < x.length; i++) gradient[i]! += slope * x[i]!;
        }
    }
    const standardError = Math.sqrt(Math.max(0, quadraticForm(gradient, fit.covariance, gradient)));
    if (standardError === 0) return { status: 'zero_variance' };
    const half = normalCritical(alpha) * standardError;
    return computed({
        difference,
        standardError,
        pValue: normalTwoSided(difference / standardError),
        lower: difference - half,
        upper: difference + half,
    });
}
