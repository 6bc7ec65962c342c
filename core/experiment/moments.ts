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

/** Days of one place, and what they add up to once somebody asked. */
interface Shelf {
    readonly days: DayMoments[];
    pooled: JointMoments | undefined;
}

/**
 * Builds the book. The order of the rows does not matter: they are merged in the order of days, so that equal
 * inputs give equal digits.
 */
export function openBook(rows: readonly MomentsRow[]): MomentsBook {
    const shelves = new Map<string, Map<string, Shelf>>();
    const segments = new Map<string, Set<string>>();
    const metrics = new Set<string>();
    const ratios = new Set<string>();
    for (const row of rows) {
        const place = placeName(row.dimension, row.segment);
        const key = placeName(row.metric, row.variant);
        let shelf = shelves.get(place)?.get(key);
        if (shelf === undefined) {
            shelf = { days: [], pooled: undefined };
            const others = shelves.get(place) ?? new Map<string, Shelf>();
            shelves.set(place, others.set(key, shelf));
            segments.set(row.dimension, (segments.get(row.dimension) ?? new Set()).add(row.segment));
            metrics.add(row.metric);
        }
        shelf.days.push({ exposedOn: row.exposedOn, moments: jointMomentsOfRow(row) });
        if (row.meanDenominator !== null) ratios.add(row.metric);
    }
    for (const place of shelves.values()) for (const { days } of place.values()) sortDays(days);
    const shelfOf = ({ metric, variant, dimension = 'all', segment = 'all' }: Place) =>
        shelves.get(placeName(dimension, segment))?.get(placeName(metric, variant));
    return {
        metrics,
        segmentsOf: (dimension) => [...(segments.get(dimension) ?? [])].sort(),
        pooled(place) {
            const shelf = shelfOf(place);
            if (shelf === undefined) return NO_JOINT_MOMENTS;
            shelf.pooled ??= shelf.days.reduce((sum, day) => mergeJointMoments(sum, day.moments), NO_JOINT_MOMENTS);
            return shelf.pooled;
        },
        daily: (place) => shelfOf(place)?.days ?? [],
        hasDenominator: (metric) => ratios.has(metric),
    };
}

/** Marts come in the order of days: then there is nothing to do. */
function sortDays(days: DayMoments[]): void {
    const isSorted = days.every((day, index) => index === 0 || days[index - 1]!.exposedOn <= day.exposedOn);
    if (!isSorted) days.sort((a, b) => (a.exposedOn < b.exposedOn ? -1 : 1));
}

/** Two names as one; names come from data, so their border must not be a letter they can hold alike. */
function placeName(first: string, second: string): string {
    return `${first.length} ${first} ${second}`;
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

/** A row's moments as the statistics take them: y is what is counted, x what it is divided by. */
export function jointMomentsOfRow(row: MomentsRow): JointMoments {
    return {
        count: row.units,
        meanY: row.meanNumerator,
        m2Y: row.m2Numerator,
        meanX: row.meanDenominator ?? 0,
        m2X: row.m2Denominator ?? 0,
        comoment: row.comoment ?? 0,
    };
}
