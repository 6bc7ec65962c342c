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

/** Everything the analysis needs of a table. */
export interface UnitTable {
    readonly groups: readonly UnitGroup[];
    /** In the order of the request's metrics. */
    readonly quality: readonly ValueQuality[];
    /** Rows without an arm. */
    readonly rowsWithoutArm: number;
    /** Units found in several arms; they are in no group. By the arm that comes first by name. */
    readonly severalArms: ReadonlyMap<string, number>;
}

/** Reads tables of units by aggregates alone. */
export interface UnitTableReader {
    /** Throws UsageError for a file or column that is not there, or a value that is no number. */
    read(request: UnitTableRequest): Promise<UnitTable>;
}
