/**
 * Mergeable moments of several variables per unit: `comoments[i][j]` is the sum of products of deviations of
 * variables i and j (symmetric).
 */
export interface CovarianceMoments {
    readonly count: number;
    readonly means: readonly number[];
    readonly comoments: readonly (readonly number[])[];
}

/** Moments of a list of rows of equal length, in one pass. */
export function covarianceMomentsOf(rows: Iterable<readonly number[]>): CovarianceMoments {
    let all: CovarianceMoments = { count: 0, means: [], comoments: [] };
    for (const row of rows) {
        all = mergeCovarianceMoments(all, { count: 1, means: row, comoments: row.map(() => row.map(() => 0)) });
    }
    return all;
}

/** The moments of both groups together (Chan et al. 1979, for every pair of variables). */
export function mergeCovarianceMoments(a: CovarianceMoments, b: CovarianceMoments): CovarianceMoments {
    if (a.count === 0) return b;
    if (b.count === 0) return a;
    const count = a.count + b.count;
    const share = b.count / count;
    const delta = a.means.map((mean, i) => b.means[i]! - mean);
    const weight = a.count * share;
    return {
        count,
        means: a.means.map((mean, i) => mean + delta[i]! * share),
        comoments: a.comoments.map((row, i) =>
            row.map((value, j) => value + b.comoments[i]![j]! + delta[i]! * delta[j]! * weight),
        ),
    };
}

/** Sum of products of deviations of two linear combinations of the variables. */
export function comomentOf(moments: CovarianceMoments, left: readonly number[], right: readonly number[]): number {
    return moments.comoments.reduce(
        (sum, row, i) => sum + left[i]! * row.reduce((inner, value, j) => inner + value * right[j]!, 0),
        0,
    );
}
