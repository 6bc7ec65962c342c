import { choleskyInverse, choleskyOf, choleskySolve, dot, type Matrix, quadraticForm } from '../numerics/cholesky.ts';
import type { DesignRow } from './design.ts';
import { informationOf, informationWeight, logLikelihood, probabilityOf, scoreOf } from './likelihood.ts';

export interface Iteration {
    readonly status: 'converged' | 'separated' | 'not_converged';
    readonly beta: readonly number[];
    readonly iterations: number;
}

const MAX_ITERATIONS = 50;
const MAX_HALVINGS = 30;
const STEP_TOLERANCE = 1e-10;

/** A linear predictor this far out while the deviance stands still: some outcome is certain, no maximum exists. */
const CERTAIN = 30;
const STILL = 1e-6;

/** The maximum likelihood estimate by iteratively reweighted least squares with step halving, from zero. */
export function maximise(rows: readonly DesignRow[], width: number): Iteration {
    return iterate(rows, width, {
        objective: (beta) => logLikelihood(rows, beta),
        score: (beta) => scoreOf(rows, ({ x, successes, trials }) => successes - trials * probabilityOf(dot(x, beta))),
    });
}

/**
 * Firth's penalised estimate (Biometrika 80, 1993; Heinze & Schemper, Stat. Med. 21, 2002), which is finite where
 * maximum likelihood is not. In a saturated table it adds one half to every cell.
 */
export function maximisePenalised(rows: readonly DesignRow[], width: number): Iteration {
    return iterate(rows, width, {
        objective: (beta) => {
            const lower = choleskyOf(informationOf(rows, beta));
            if (lower === undefined) return Number.NEGATIVE_INFINITY;
            return logLikelihood(rows, beta) + lower.reduce((sum, row, i) => sum + Math.log(row[i]!), 0);
        },
        score: (beta, inverse) =>
            scoreOf(rows, ({ x, successes, trials }) => {
                const eta = dot(x, beta);
                const p = probabilityOf(eta);
                const leverage = informationWeight(trials, eta) * quadraticForm(x, inverse, x);
                return successes - trials * p + leverage * (0.5 - p);
            }),
    });
}

interface Problem {
    readonly objective: (beta: readonly number[]) => number;
    readonly score: (beta: readonly number[], inverseInformation: Matrix) => number[];
}

function iterate(rows: readonly DesignRow[], width: number, problem: Problem): Iteration {
    let beta: readonly number[] = new Array<number>(width).fill(0);
    let value = problem.objective(beta);
    for (let iteration = 1; iteration <= MAX_ITERATIONS; iteration++) {
        const lower = choleskyOf(informationOf(rows, beta));
        // The design has full rank, so only weights that underflowed can make the information singular.
        if (lower === undefined) return { status: 'separated', beta, iterations: iteration };
        const step = choleskySolve(lower, problem.score(beta, choleskyInverse(lower)));
        const next = halved(beta, step, value, problem.objective);
        const largest = next.beta.reduce((most, b, i) => Math.max(most, Math.abs(b - beta[i]!)), 0);
        const isStill = Math.abs(next.value - value) < STILL * (Math.abs(next.value) + 0.1);
        [beta, value] = [next.beta, next.value];
        if (largest < STEP_TOLERANCE) return { status: 'converged', beta, iterations: iteration };
        if (isStill && rows.some(({ x }) => Math.abs(dot(x, beta)) > CERTAIN)) {
            return { status: 'separated', beta, iterations: iteration };
        }
    }
    return { status: 'not_converged', beta, iterations: MAX_ITERATIONS };
}

/** The step, halved until the objective no longer falls by more than rounding. */
function halved(
    beta: readonly number[],
    step: readonly number[],
    value: number,
    objective: (beta: readonly number[]) => number,
): { beta: readonly number[]; value: number } {
    for (let halving = 0, size = 1; halving < MAX_HALVINGS; halving++, size /= 2) {
        const candidate = beta.map((b, i) => b + size * step[i]!);
        const reached = objective(candidate);
        if (reached >= value - 1e-12 * Math.abs(value)) return { beta: candidate, value: reached };
    }
    return { beta, value };
}
