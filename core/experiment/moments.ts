import type { JointMoments } from '#stats/joint-moments.ts';
import { mergeJointMoments, NO_JOINT_MOMENTS } from '#stats/joint-moments.ts';
import type { IsoDate } from '../types.ts';
import type { InputMoments } from './document.ts';
import type { MomentsRow } from './rows.ts';

/** Which moments are meant; without dimension and segment, those of all users. */
export interface Place {
    readonly metric: string;
    readonly variant: string;
    readonly dimension?: string;
    readonly segment?: string;
}

/** The moments of one day's newly exposed users. */
export interface DayMoments {
    readonly exposedOn: IsoDate;
    readonly moments: JointMoments;
}

/** Rows of `experiment_moments` of one experiment, found by place and merged over days. */
export interface MomentsBook {
    /** Metrics that have rows. */
    readonly metrics: ReadonlySet<string>;
    /** Segments of a dimension that have rows, sorted. */
    segmentsOf(dimension: string): readonly string[];
    /** Merged over all days; the moments of nothing where there are no rows. */
    pooled(place: Place): JointMoments;
    /** A day each, in the order of days. */
    daily(place: Place): readonly DayMoments[];
    /** Whether the metric's rows carry a denominator. */
    hasDenominator(metric: string): boolean;
}

/**
 * Builds the book. The order of the rows does not matter: they are merged in the order of days, so that equal
 * inputs give equal digits.
 */
export function openBook(rows: readonly MomentsRow[]): MomentsBook {
    const places = new Map<string, DayMoments[]>();
    const segments = new Map<string, Set<string>>();
    const ratios = new Set<string>();
    for (const row of [...rows].sort((a, b) => (a.exposedOn < b.exposedOn ? -1 : 1))) {
        const key = keyOf(row);
        const days = places.get(key) ?? [];
        days.push({ exposedOn: row.exposedOn, moments: jointMomentsOfRow(row) });
        places.set(key, days);
        segments.set(row.dimension, (segments.get(row.dimension) ?? new Set()).add(row.segment));
        if (row.meanDenominator !== null) ratios.add(row.metric);
    }
    const daily = (place: Place) => places.get(keyOf(place)) ?? [];
    return {
        metrics: new Set(rows.map((row) => row.metric)),
        segmentsOf: (dimension) => [...(segments.get(dimension) ?? [])].sort(),
        pooled: (place) => daily(place).reduce((sum, day) => mergeJointMoments(sum, day.moments), NO_JOINT_MOMENTS),
        daily,
        hasDenominator: (metric) => ratios.has(metric),
    };
}

/** The merged inputs of all users, as the page prints them, in the order of the metrics and arms given. */
export function inputMoments(
    book: MomentsBook,
    metrics: readonly string[],
    variants: readonly string[],
): InputMoments[] {
    return metrics.flatMap((metric) =>
        variants.map((variant) => {
            const { count, meanY, m2Y, meanX, m2X, comoment } = book.pooled({ metric, variant });
            const isRatio = book.hasDenominator(metric);
            return {
                metric,
                variant,
                units: count,
                meanNumerator: meanY,
                m2Numerator: m2Y,
                meanDenominator: isRatio ? meanX : null,
                m2Denominator: isRatio ? m2X : null,
                comoment: isRatio ? comoment : null,
            };
        }),
    );
}

function jointMomentsOfRow(row: MomentsRow): JointMoments {
    return {
        count: row.units,
        meanY: row.meanNumerator,
        m2Y: row.m2Numerator,
        meanX: row.meanDenominator ?? 0,
        m2X: row.m2Denominator ?? 0,
        comoment: row.comoment ?? 0,
    };
}

function keyOf({ metric, variant, dimension = 'all', segment = 'all' }: Place): string {
    return JSON.stringify([metric, variant, dimension, segment]);
}
