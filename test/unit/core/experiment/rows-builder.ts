import type { ExposureRow, MomentsRow } from '#core/experiment/rows.ts';

const BASE = { experimentId: 'pdp', exposedOn: '2023-05-01', dimension: 'all', segment: 'all' };

type Place = Partial<typeof BASE>;

/** Moments of a 0/1 metric: `successes` of `units`. */
export function aShare(
    metric: string,
    variant: string,
    successes: number,
    units: number,
    place: Place = {},
): MomentsRow {
    const mean = units === 0 ? 0 : successes / units;
    return {
        ...BASE,
        ...place,
        metric,
        variant,
        units,
        meanNumerator: mean,
        m2Numerator: successes * (1 - mean),
        meanDenominator: null,
        m2Denominator: null,
        comoment: null,
    };
}

/** Moments of one value a user. */
export function aMean(metric: string, variant: string, values: readonly number[], place: Place = {}): MomentsRow {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const m2 = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    return { ...aShare(metric, variant, 0, values.length, place), meanNumerator: mean, m2Numerator: m2 };
}

/** Moments of a ratio of two sums, one pair [counted, divided by] a user. */
export function aRatio(
    metric: string,
    variant: string,
    pairs: readonly (readonly [number, number])[],
    place: Place = {},
): MomentsRow {
    const numerator = aMean(
        metric,
        variant,
        pairs.map(([y]) => y),
        place,
    );
    const denominator = aMean(
        metric,
        variant,
        pairs.map(([, x]) => x),
        place,
    );
    const comoment = pairs.reduce(
        (sum, [y, x]) => sum + (y - numerator.meanNumerator) * (x - denominator.meanNumerator),
        0,
    );
    return {
        ...numerator,
        meanDenominator: denominator.meanNumerator,
        m2Denominator: denominator.m2Numerator,
        comoment,
    };
}

/** Users of one arm, all unflagged unless said. */
export function anExposure(variant: string, units: number, more: Partial<ExposureRow> = {}): ExposureRow {
    return { ...BASE, variant, units, exposedBeforeAssignment: 0, windowCut: 0, severalVariants: 0, ...more };
}

/** The reference experiment: 19 of 448 users bought in control, 23 of 472 in treatment. */
export function theShop(): { moments: MomentsRow[]; exposures: ExposureRow[] } {
    return {
        moments: [aShare('purchased', 'control', 19, 448), aShare('purchased', 'treatment', 23, 472)],
        exposures: [
            anExposure('control', 448, { exposedBeforeAssignment: 40, windowCut: 20 }),
            anExposure('treatment', 472, { exposedBeforeAssignment: 36, windowCut: 27 }),
        ],
    };
}
