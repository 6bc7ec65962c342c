import { dot, type Matrix } from '../numerics/cholesky.ts';
import type { DesignRow } from './design.ts';

/** 1 / (1 + e^-eta), exact in both tails. */
export function probabilityOf(eta: number): number {
    return eta >= 0 ? 1 / (1 + Math.exp(-eta)) : Math.exp(eta) / (1 + Math.exp(eta));
}

/** Log-likelihood of Bernoulli trials; grouping the rows does not change it. */
export function logLikelihood(rows: readonly DesignRow[], beta: readonly number[]): number {
    return rows.reduce((sum, { x, successes, trials }) => {
        const eta = dot(x, beta);
        // ln p = -ln(1 + e^-eta) and ln(1 - p) = -ln(1 + e^eta), without leaving the range of exp.
        const softplus = (value: number): number => Math.max(0, value) + Math.log1p(Math.exp(-Math.abs(value)));
        return sum - successes * softplus(-eta) - (trials - successes) * softplus(eta);
    }, 0);
}

/** X' W X with W = trials p (1 - p). */
export function informationOf(rows: readonly DesignRow[], beta: readonly number[]): Matrix {
    const sums = beta.map(() => beta.map(() => 0));
    for (const { x, trials } of rows) {
        const weight = informationWeight(trials, dot(x, beta));
        for (let i = 0; i < x.length; i++) {
            for (let j = 0; j <= i; j++) sums[i]![j]! += weight * x[i]! * x[j]!;
        }
    }
    return sums.map((row, i) => row.map((value, j) => (j <= i ? value : sums[j]![i]!)));
}

/** trials p (1 - p), exact where p rounds to 1. */
export function informationWeight(trials: number, eta: number): number {
    return trials * probabilityOf(eta) * probabilityOf(-eta);
}

/** X' r for residuals given per row. */
export function scoreOf(rows: readonly DesignRow[], residual: (row: DesignRow, index: number) => number): number[] {
    const width = rows[0]?.x.length ?? 0;
    const sums = new Array<number>(width).fill(0);
    rows.forEach((row, index) => {
        const r = residual(row, index);
        for (let i = 0; i < width; i++) sums[i]! += r * row.x[i]!;
    });
    return sums;
}
