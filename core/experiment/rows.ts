import type { IsoDate } from '../types.ts';
import { type RawRow, rowReader } from './row-reader.ts';

/**
 * One row of `int_analysis_moments`: mergeable moments of one metric on one day of exposures; of a segment, or of what
 * is no goal, on all days up to that one.
 */
export interface MomentsRow {
    readonly experimentId: string;
    readonly exposedOn: IsoDate;
    readonly variant: string;
    /** `all`, or the name of a dimension. */
    readonly dimension: string;
    readonly segment: string;
    readonly metric: string;
    readonly units: number;
    readonly meanNumerator: number;
    /** Sum of squared deviations from the mean. */
    readonly m2Numerator: number;
    /** The three below are null unless the metric is a ratio. */
    readonly meanDenominator: number | null;
    readonly m2Denominator: number | null;
    readonly comoment: number | null;
}

/** Users exposed to one variant: all of one day, or a segment's of all days up to that one. */
export interface ExposureRow {
    readonly experimentId: string;
    readonly exposedOn: IsoDate;
    readonly variant: string;
    readonly dimension: string;
    readonly segment: string;
    /** Without the users of several variants. */
    readonly units: number;
    readonly exposedBeforeAssignment: number;
    readonly windowCut: number;
    /** Left out of everything else; counted under the variant they were assigned first. */
    readonly severalVariants: number;
}

/** Reads rows of `int_analysis_moments`. Throws DataError naming the row and column that cannot be read. */
export function readMomentsRows(rows: readonly RawRow[]): MomentsRow[] {
    return rows.map((row, index) => {
        const from = rowReader('experiment_moments', row, index);
        return {
            experimentId: from.text('experiment_id'),
            exposedOn: from.text('exposed_on'),
            variant: from.text('variant'),
            dimension: from.text('dimension'),
            segment: from.textOrUnknown('segment'),
            metric: from.text('metric'),
            units: from.number('count_units'),
            meanNumerator: from.number('mean_numerator'),
            m2Numerator: from.number('m2_numerator'),
            meanDenominator: from.numberOrNull('mean_denominator'),
            m2Denominator: from.numberOrNull('m2_denominator'),
            comoment: from.numberOrNull('comoment'),
        };
    });
}

/** Reads rows of `int_analysis_exposures`. Throws DataError naming the row and column that cannot be read. */
export function readExposureRows(rows: readonly RawRow[]): ExposureRow[] {
    return rows.map((row, index) => {
        const from = rowReader('experiment_exposure_counts', row, index);
        const severalVariants = from.number('count_several_variants');
        return {
            experimentId: from.text('experiment_id'),
            exposedOn: from.text('exposed_on'),
            variant: from.text('variant'),
            dimension: from.text('dimension'),
            segment: from.textOrUnknown('segment'),
            units: from.number('count_units') - severalVariants,
            exposedBeforeAssignment: from.number('count_exposed_before_assignment'),
            windowCut: from.number('count_window_cut'),
            severalVariants,
        };
    });
}
