import type { CovarianceMoments } from '#stats/covariance-moments.ts';
import type { JointMoments } from '#stats/joint-moments.ts';
import type { MetricSpec } from './spec.ts';

/** What is to be read of a table of units. */
export interface UnitTableRequest {
    readonly path: string;
    /** Column that says which arm a unit was in. */
    readonly arm: string;
    /** Column that names the unit, when one can have several rows; else a row is a unit. */
    readonly unit: string | null;
    readonly metrics: readonly MetricSpec[];
    readonly segments: readonly string[];
    readonly covariates: readonly CovariateRequest[];
    readonly caps: readonly CapRequest[];
    readonly quantiles: readonly QuantileRequest[];
}

/** Something known of a unit before the experiment, for one metric (by its place in the request). */
export interface CovariateRequest {
    readonly metric: number;
    readonly covariate: MetricSpec;
}

/** A metric whose largest values are to be lowered to a quantile of all arms together. */
export interface CapRequest {
    readonly metric: number;
    readonly quantile: number;
    readonly ignoreZeros: boolean;
}

/** A quantile of the rows of a column, by arm. */
export interface QuantileRequest {
    readonly column: string;
    readonly probability: number;
    /** Between which quantiles of so many rows the standard error is read off; undefined where they are too few. */
    band(rows: number): { readonly lower: number; readonly upper: number } | undefined;
}

/** One arm, whole or one segment of it: aggregates only, however many units the table has. */
export interface UnitGroup {
    readonly arm: string;
    /** `all`, or a segment column. */
    readonly dimension: string;
    readonly segment: string;
    readonly units: number;
    /** In the order of the request's metrics, over the units with a finite value. */
    readonly moments: readonly JointMoments[];
}

/** What a metric's values looked like. */
export interface ValueQuality {
    readonly missing: number;
    readonly infinite: number;
    /** Every value is 0 or 1. */
    readonly isBinary: boolean;
}

/** A metric with its largest values lowered. */
export interface CappedGroup {
    readonly arm: string;
    /** Units above the cap. */
    readonly capped: number;
    readonly moments: JointMoments;
}

/** What came of a cap; `cap` is `null` where there was nothing to take a quantile of. */
export interface CappedMetric {
    readonly cap: number | null;
    /** The cap of a ratio's denominator. */
    readonly denominatorCap: number | null;
    readonly groups: readonly CappedGroup[];
}

/** A quantile of one arm; all three are `null` where the rows are too few. */
export interface ArmQuantile {
    readonly arm: string;
    readonly rows: number;
    readonly value: number | null;
    readonly lower: number | null;
    readonly upper: number | null;
    /** Where units have several rows: rows at or below the value (y) and all rows (x) of each unit. */
    readonly below: JointMoments | null;
}

/** Everything the analysis needs of a table. */
export interface UnitTable {
    readonly groups: readonly UnitGroup[];
    /** In the order of the request's metrics. */
    readonly quality: readonly ValueQuality[];
    /** Rows without an arm. */
    readonly rowsWithoutArm: number;
    /** Units found in several arms; they are in no group. By the arm that comes first by name. */
    readonly severalArms: ReadonlyMap<string, number>;
    /**
     * In the order of the request's covariates, by arm: metric, then its denominator if it has one, then the same of the
     * covariate. A covariate that is missing counts as the mean over all arms.
     */
    readonly covariates: readonly ReadonlyMap<string, CovarianceMoments>[];
    /** In the order of the request's caps. */
    readonly caps: readonly CappedMetric[];
    /** In the order of the request's quantiles. */
    readonly quantiles: readonly (readonly ArmQuantile[])[];
}

/** Reads tables of units by aggregates alone. */
export interface UnitTableReader {
    /** Throws UsageError for a file or column that is not there, or a value that is no number. */
    read(request: UnitTableRequest): Promise<UnitTable>;
}
