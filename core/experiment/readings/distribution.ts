import type { Moments } from '#stats/moments.ts';
import type { ValueRow } from './rows.ts';

/** How an arm's values of one metric spread: buckets in ascending order. */
export interface Distribution {
    readonly units: number;
    readonly buckets: readonly ValueRow[];
}

/** The buckets of a metric, of one arm or of several together. */
export function distributionOf(rows: readonly ValueRow[], metric: string, variants: readonly string[]): Distribution {
    const buckets = rows
        .filter((row) => row.metric === metric && variants.includes(row.variant))
        .sort((a, b) => a.bucket - b.bucket);
    return { units: buckets.reduce((sum, { units }) => sum + units, 0), buckets };
}

/** The p-quantile, as the largest value of the bucket it falls into: right to a percent, exact up to 100. */
export function quantileOf({ units, buckets }: Distribution, p: number): number | undefined {
    const position = Math.floor(Math.min(1, Math.max(0, p)) * (units - 1));
    let below = 0;
    for (const bucket of buckets) {
        below += bucket.units;
        if (below > position) return bucket.highest;
    }
    return undefined;
}

/** The moments of values lowered to `cap`, the largest value of some bucket, and how many units were above it. */
export function cappedMoments({ units, buckets }: Distribution, cap: number): { moments: Moments; capped: number } {
    let [sum, squares, capped] = [0, 0, 0];
    for (const bucket of buckets) {
        const isAbove = bucket.highest > cap;
        sum += isAbove ? bucket.units * cap : bucket.sum;
        squares += isAbove ? bucket.units * cap * cap : bucket.sumOfSquares;
        if (isAbove) capped += bucket.units;
    }
    const mean = units === 0 ? 0 : sum / units;
    return { moments: { count: units, mean, m2: Math.max(0, squares - sum * mean) }, capped };
}
