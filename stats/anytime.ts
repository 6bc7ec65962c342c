import type { Contrast } from './contrast.ts';
import { type Effect, effectAt } from './effect.ts';
import { type Computed, computed, isCount, isLevel } from './result.ts';

/** What is fixed before an experiment starts, and stored with its plan. */
export interface AnytimePlan {
    /** Two-sided level over all looks together. */
    readonly alpha: number;
    /** Units of both arms at which the decision is expected; the sequence is tightest there. */
    readonly plannedUnits: number;
}

/** A contrast at one look, with the units of both arms behind it. */
export interface Look {
    readonly contrast: Contrast;
    readonly units: number;
}

export interface AnytimeTest extends Effect {
    /** The critical value of this look: wider than the fixed one, valid however often one looks. */
    readonly critical: number;
    /** Of this look alone; report the running minimum (see `runningTest`). */
    readonly pValue: number;
    /** Natural logarithm of the e value (evidence against "no effect"). */
    readonly logE: number;
}

export type AnytimeResult =
    | Computed<AnytimeTest>
    | { readonly status: 'insufficient_n' | 'zero_variance' | 'invalid_input' };

/**
 * The mixture variance that makes the sequence tightest at the planned size (Waudby-Smith et al.,
 * arXiv:2103.06476v7, equation 161).
 */
export function mixtureVariance({ alpha, plannedUnits }: AnytimePlan): number {
    const spread = -2 * Math.log(alpha);
    return (spread + Math.log(spread + 1)) / plannedUnits;
}

/** The two-sided critical value at `units` (ibid., equation 9), for units > 0. */
export function anytimeCritical(units: number, plan: AnytimePlan): number {
    const information = units * mixtureVariance(plan);
    const threshold = 2 * Math.log(1 / plan.alpha) + Math.log1p(information);
    return Math.sqrt(((information + 1) / information) * threshold);
}

/** The one-sided critical value of an alarm that watches for harm only (ibid., equation 134), for units > 0. */
export function harmCritical(units: number, plan: AnytimePlan): number {
    const information = units * mixtureVariance(plan);
    const threshold = 2 * Math.log1p(Math.sqrt(information + 1) / (2 * plan.alpha));
    return Math.sqrt(((information + 1) / information) * threshold);
}

/** The logarithm of the e value of a standardised statistic (ibid., equation 155), for units > 0. */
function logEvidence(z: number, units: number, plan: AnytimePlan): number {
    const information = units * mixtureVariance(plan);
    return 0.5 * ((z * z * information) / (information + 1) - Math.log1p(information));
}

/** The two-sided p value of one look at a standardised statistic: below alpha exactly beyond `anytimeCritical`. */
export function anytimePValue(z: number, units: number, plan: AnytimePlan): number {
    return Math.min(1, Math.exp(-logEvidence(z, units, plan)));
}

/** One look at a running experiment: an anytime-valid p value, difference interval and lift interval. */
export function anytimeTest({ contrast, units }: Look, plan: AnytimePlan): AnytimeResult {
    if (!isLevel(plan.alpha) || !(plan.plannedUnits > 0) || !isCount(units)) return { status: 'invalid_input' };
    if (units < 2) return { status: 'insufficient_n' };
    if (!(contrast.differenceVariance > 0)) return { status: 'zero_variance' };
    const logE = logEvidence(contrast.difference / Math.sqrt(contrast.differenceVariance), units, plan);
    const critical = anytimeCritical(units, plan);
    return computed({ critical, pValue: Math.min(1, Math.exp(-logE)), logE, ...effectAt(contrast, critical) });
}
