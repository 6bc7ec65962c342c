import type { CovarianceMoments } from '#stats/covariance-moments.ts';
import type { JointMoments } from '#stats/joint-moments.ts';
import type { IsoDate } from '../../types.ts';
import { type RawRow, rowReader } from '../row-reader.ts';

/** One row of `int_analysis_before`: a metric (y) beside itself over the 30 days before exposure (x). */
export interface BeforeRow {
    readonly experimentId: string;
    readonly exposedOn: IsoDate;
    readonly variant: string;
    readonly metric: string;
    readonly moments: JointMoments;
    /** What the covariate is called, where it is not the metric over the 30 days before. */
    readonly covariate?: string | undefined;
    /** For a ratio: its numerator and denominator, then the same of the covariate. */
    readonly ratio?: CovarianceMoments | undefined;
}

/** One arm's values of a metric with the largest ones lowered, where whoever read the units lowered them. */
export interface CappedRow {
    readonly variant: string;
    readonly metric: string;
    readonly quantile: number;
    readonly cap: number;
    /** The cap of a ratio's denominator. */
    readonly denominatorCap: number | null;
    /** Units above a cap. */
    readonly capped: number;
    readonly moments: JointMoments;
}

/** One cell of a regression: users who are alike in what the model looks at, and how many of them bought. */
export interface CellRow {
    readonly experimentId: string;
    readonly variant: string;
    readonly cell: 'before' | 'events';
    readonly deviceType: string;
    readonly country: string;
    readonly userType: string;
    readonly events: number;
    readonly units: number;
    readonly buyers: number;
}

/** Users whose value of a metric lies in one bucket. Values are whole numbers: cents, events, seconds. */
export interface ValueRow {
    readonly experimentId: string;
    readonly variant: string;
    readonly metric: string;
    readonly bucket: number;
    readonly units: number;
    readonly sum: number;
    readonly sumOfSquares: number;
    readonly highest: number;
}

/** Reads rows of `int_analysis_before`. Throws DataError naming the row and column that cannot be read. */
export function readBeforeRows(rows: readonly RawRow[]): BeforeRow[] {
    return rows.map((row, index) => {
        const from = rowReader('experiment_before_moments', row, index);
        return {
            experimentId: from.text('experiment_id'),
            exposedOn: from.text('exposed_on'),
            variant: from.text('variant'),
            metric: from.text('metric'),
            moments: {
                count: from.number('count_units'),
                meanY: from.number('mean_metric'),
                m2Y: from.number('m2_metric'),
                meanX: from.number('mean_before'),
                m2X: from.number('m2_before'),
                comoment: from.number('comoment'),
            },
        };
    });
}

/** Reads rows of `int_experiment_cells`, in an order of their own. Throws DataError as above. */
export function readCellRows(rows: readonly RawRow[]): CellRow[] {
    const read = rows.map((row, index): CellRow => {
        const from = rowReader('experiment_cells', row, index);
        return {
            experimentId: from.text('experiment_id'),
            variant: from.text('variant'),
            cell: from.text('cell') === 'events' ? 'events' : 'before',
            deviceType: from.textOrUnknown('device_type'),
            country: from.textOrUnknown('country'),
            userType: from.textOrUnknown('user_type'),
            events: from.number('count_events'),
            units: from.number('count_units'),
            buyers: from.number('count_buyers'),
        };
    });
    return sortedBy(read, (row) => [row.cell, row.variant, row.deviceType, row.country, row.userType, row.events]);
}

/** Reads rows of `int_experiment_distributions`, in an order of their own. Throws DataError as above. */
export function readValueRows(rows: readonly RawRow[]): ValueRow[] {
    const read = rows.map((row, index): ValueRow => {
        const from = rowReader('experiment_distributions', row, index);
        return {
            experimentId: from.text('experiment_id'),
            variant: from.text('variant'),
            metric: from.text('metric'),
            bucket: from.number('bucket'),
            units: from.number('count_units'),
            sum: from.number('sum_values'),
            sumOfSquares: from.number('sum_squares'),
            highest: from.number('highest'),
        };
    });
    return sortedBy(read, (row) => [row.metric, row.variant, row.bucket]);
}

/** Views come in any order; the analysis must not depend on it, down to the last digit. */
function sortedBy<Row>(rows: readonly Row[], keys: (row: Row) => readonly (string | number)[]): Row[] {
    return rows
        .map((row) => ({ row, key: keys(row) }))
        .sort((a, b) => {
            const at = a.key.findIndex((value, index) => value !== b.key[index]);
            return at < 0 ? 0 : a.key[at]! < b.key[at]! ? -1 : 1;
        })
        .map(({ row }) => row);
}
