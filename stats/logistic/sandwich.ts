import { dot, type Matrix } from '../numerics/cholesky.ts';
import type { DesignRow } from './design.ts';
import { probabilityOf } from './likelihood.ts';

/** A B A for symmetric matrices. */
function product(a: Matrix, b: Matrix): Matrix {
    const times = (left: Matrix, right: Matrix): Matrix =>
        left.map((row) => row.map((_, j) => row.reduce((sum, value, k) => sum + value * right[k]![j]!, 0)));
    return times(times(a, b), a);
}

/**
 * The covariance of the coefficients that stays right when the model does not hold exactly (HC0, White 1982), or
 * when rows belong to clusters (Liang & Zeger 1986). `inverse` is the inverse information.
 */
export function sandwich(rows: readonly DesignRow[], beta: readonly number[], inverse: Matrix): Matrix {
    const width = beta.length;
    const meat = beta.map(() => new Array<number>(width).fill(0));
    const add = (score: readonly number[], times: number): void => {
        for (let i = 0; i < width; i++) {
            for (let j = 0; j < width; j++) meat[i]![j]! += times * score[i]! * score[j]!;
        }
    };
    const clusters = new Map<string | number, number[]>();
    for (const { x, successes, trials, cluster } of rows) {
        const p = probabilityOf(dot(x, beta));
        if (cluster === undefined) {
            // Every trial is its own unit: its squared residual is (1 - p)^2 or p^2.
            add(x, successes * (1 - p) ** 2 + (trials - successes) * p ** 2);
            continue;
        }
        const sum = clusters.get(cluster) ?? new Array<number>(width).fill(0);
        for (let i = 0; i < width; i++) sum[i]! += (successes - trials * p) * x[i]!;
        clusters.set(cluster, sum);
    }
    for (const score of clusters.values()) add(score, 1);
    return product(inverse, meat);
}
