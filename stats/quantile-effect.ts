import type { Estimate } from './estimate.ts';
import { type JointMoments, jointMomentsOf } from './joint-moments.ts';
import { normalCritical } from './numerics/normal.ts';
import { ascending, quantile } from './quantile.ts';
import { ratioEstimate } from './ratio.ts';
import { type Computed, computed, isCount, isLevel } from './result.ts';

/** Which order statistics give a quantile's standard error, as probabilities to ask an engine for. */
export interface QuantileBand {
    readonly lower: number;
    readonly upper: number;
    readonly critical: number;
}

export type QuantileBandResult = Computed<QuantileBand> | { readonly status: 'insufficient_n' | 'invalid_input' };

export type QuantileResult =
    | Computed<Estimate>
    | { readonly status: 'insufficient_n' | 'zero_variance' | 'invalid_input' };

/**
 * The probabilities nu -+ z sqrt(nu (1 - nu) / n) between whose quantiles the standard error is read off, at two-sided
 * level alpha. `insufficient_n` when the band would leave the sample.
 */
export function quantileBand(nu: number, rows: number, alpha: number): QuantileBandResult {
    if (!isLevel(nu) || !isLevel(alpha) || !isCount(rows)) return { status: 'invalid_input' };
    const critical = normalCritical(alpha);
    const needed = critical * critical * Math.max(nu / (1 - nu), (1 - nu) / nu);
    if (!(rows > needed)) return { status: 'insufficient_n' };
    const half = critical * Math.sqrt((nu * (1 - nu)) / rows);
    return computed({ lower: nu - half, upper: nu + half, critical });
}

/**
 * A quantile with the variance of its order-statistic interval, from what an engine computed: the quantile and those
 * at the two probabilities of the band. Compare two of them with `compareEstimates`.
 */
export function quantileEstimateFrom(
    at: { readonly value: number; readonly lower: number; readonly upper: number },
    rows: number,
    critical: number,
): QuantileResult {
    if (!(at.lower <= at.value && at.value <= at.upper) || !(critical > 0)) return { status: 'invalid_input' };
    if (at.lower === at.upper) return { status: 'zero_variance' };
    return computed({ value: at.value, variance: ((at.upper - at.lower) / (2 * critical)) ** 2, count: rows });
}

/** The nu-quantile of independent rows (one a unit). */
export function quantileEstimate(values: Iterable<number>, nu: number, alpha: number): QuantileResult {
    const sorted = ascending(values);
    const band = quantileBand(nu, sorted.length, alpha);
    if (band.status !== 'ok') return band;
    const at = {
        value: quantile(sorted, nu),
        lower: quantile(sorted, band.lower),
        upper: quantile(sorted, band.upper),
    };
    return quantileEstimateFrom(at, sorted.length, band.critical);
}

/**
 * The nu-quantile of rows that belong to units (page times of users): the independent standard error times the
 * factor by which clustering inflates the share of rows below the quantile (Deng et al. 2018; Yao, Li, Lu,
 * arXiv:2401.14549). The estimate counts units.
 */
export function clusteredQuantileEstimate(
    rowsOfUnits: readonly (readonly number[])[],
    nu: number,
    alpha: number,
): QuantileResult {
    const rows = rowsOfUnits.flat();
    const independent = quantileEstimate(rows, nu, alpha);
    if (independent.status !== 'ok') return independent;
    const factor = clusterFactor(sharesBelow(rowsOfUnits, independent.value), nu, rows.length);
    if (factor === undefined) return { status: 'insufficient_n' };
    return computed({
        value: independent.value,
        variance: independent.variance * factor,
        count: rowsOfUnits.filter((unit) => unit.length > 0).length,
    });
}

/**
 * By how much clustering multiplies the variance of a quantile: the variance of the share of rows at or below it
 * (y: such rows of a unit, x: all rows of it) over that of independent rows. Undefined below two units.
 */
export function clusterFactor(below: JointMoments, nu: number, rows: number): number | undefined {
    const share = ratioEstimate(below);
    return share.status === 'ok' ? share.variance / ((nu * (1 - nu)) / rows) : undefined;
}

function sharesBelow(rowsOfUnits: readonly (readonly number[])[], value: number): JointMoments {
    const pairs = rowsOfUnits
        .filter((unit) => unit.length > 0)
        .map((unit) => ({ x: unit.length, y: unit.filter((row) => row <= value).length }));
    return jointMomentsOf(pairs);
}
