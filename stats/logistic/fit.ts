import { choleskyInverse, choleskyOf, type Matrix } from '../numerics/cholesky.ts';
import { chiSquareSf } from '../numerics/incomplete-gamma.ts';
import { normalCritical, normalTwoSided } from '../numerics/normal.ts';
import { computed, isLevel, type Overflow } from '../result.ts';
import { type Design, designOf, type LogisticRow } from './design.ts';
import { type Iteration, maximise, maximisePenalised } from './iterate.ts';
import { informationOf, logLikelihood } from './likelihood.ts';
import { sandwich } from './sandwich.ts';

export interface LogisticOptions {
    /** Of the intervals, two-sided. */
    readonly alpha: number;
    /** `robust` where rows are not units or the model is an approximation; rows with a cluster are always clustered. */
    readonly errors?: 'model' | 'robust';
}

export interface Coefficient {
    readonly term: string;
    readonly estimate: number;
    readonly standardError: number;
    readonly z: number;
    readonly pValue: number;
    readonly lower: number;
    readonly upper: number;
    /** With its interval; undefined where it exceeds every double. */
    readonly oddsRatio: { readonly estimate: number; readonly lower: number; readonly upper: number } | undefined;
}

export interface LogisticFit {
    /** The intercept first, then the terms that were kept. */
    readonly coefficients: readonly Coefficient[];
    readonly covariance: Matrix;
    /** Which terms were kept: 0 is the intercept, 1 the first term. */
    readonly kept: readonly number[];
    readonly logLikelihood: number;
    readonly nullLogLikelihood: number;
    /** Likelihood ratio test of all terms together. */
    readonly likelihoodRatio: {
        readonly chiSquare: number;
        readonly degreesOfFreedom: number;
        readonly pValue: number;
    };
    readonly mcFadden: number;
    readonly aic: number;
    readonly bic: number;
    readonly trials: number;
    readonly iterations: number;
}

export type LogisticResult =
    | ({ readonly status: 'ok' } & LogisticFit)
    /** Terms that repeat others were left out; the rest is fitted. */
    | ({ readonly status: 'singular'; readonly dropped: readonly string[] } & LogisticFit)
    /** Some outcome is certain: no maximum likelihood estimate, but Firth's, if that converged. */
    | { readonly status: 'separated'; readonly firth: LogisticFit | undefined }
    | Overflow
    | { readonly status: 'no_outcome_variation' | 'not_converged' | 'underdetermined' | 'invalid_input' };

/** Logistic regression of successes on named terms; an intercept is added. */
export function fitLogistic(
    terms: readonly string[],
    rows: readonly LogisticRow[],
    options: LogisticOptions,
): LogisticResult {
    const design = designOf(terms, rows);
    if (design === undefined || !isLevel(options.alpha)) return { status: 'invalid_input' };
    const [successes, trials] = totals(design);
    if (successes === 0 || successes === trials) return { status: 'no_outcome_variation' };
    if (trials <= design.names.length) return { status: 'underdetermined' };
    const found = maximise(design.rows, design.names.length);
    if (found.status === 'not_converged') return { status: 'not_converged' };
    if (found.status === 'separated') {
        const penalised = maximisePenalised(design.rows, design.names.length);
        const firth = penalised.status === 'converged' ? summary(design, penalised, options) : undefined;
        return { status: 'separated', firth: firth?.status === 'ok' ? firth : undefined };
    }
    const fit = summary(design, found, options);
    if (fit.status !== 'ok' || design.dropped.length === 0) return fit;
    return { ...fit, status: 'singular', dropped: design.dropped };
}

/** Firth's penalised regression, whether or not the data are separated. */
export function fitFirth(
    terms: readonly string[],
    rows: readonly LogisticRow[],
    options: LogisticOptions,
): ({ readonly status: 'ok' } & LogisticFit) | Overflow | { readonly status: 'not_converged' | 'invalid_input' } {
    const design = designOf(terms, rows);
    if (design === undefined || design.rows.length === 0 || !isLevel(options.alpha)) return { status: 'invalid_input' };
    const found = maximisePenalised(design.rows, design.names.length);
    return found.status === 'converged' ? summary(design, found, options) : { status: 'not_converged' };
}

function totals(design: Design): readonly [successes: number, trials: number] {
    return design.rows.reduce(([s, n], row) => [s + row.successes, n + row.trials], [0, 0]);
}

function summary(
    design: Design,
    { beta, iterations }: Iteration,
    options: LogisticOptions,
): ({ readonly status: 'ok' } & LogisticFit) | Overflow {
    const lower = choleskyOf(informationOf(design.rows, beta));
    if (lower === undefined) return { status: 'overflow' };
    const inverse = choleskyInverse(lower);
    const isRobust = options.errors === 'robust' || design.rows.some((row) => row.cluster !== undefined);
    const scaled = isRobust ? sandwich(design.rows, beta, inverse) : inverse;
    const covariance = scaled.map((row, i) => row.map((value, j) => value / (design.scales[i]! * design.scales[j]!)));
    const critical = normalCritical(options.alpha);
    const coefficients = design.names.map((term, i) =>
        coefficientOf(term, beta[i]! / design.scales[i]!, Math.sqrt(covariance[i]![i]!), critical),
    );
    return computed({ coefficients, covariance, kept: design.kept, ...fitQuality(design, beta), iterations });
}

function coefficientOf(term: string, estimate: number, standardError: number, critical: number): Coefficient {
    const z = estimate / standardError;
    const [lower, upper] = [estimate - critical * standardError, estimate + critical * standardError];
    const odds = { estimate: Math.exp(estimate), lower: Math.exp(lower), upper: Math.exp(upper) };
    return {
        term,
        estimate,
        standardError,
        z,
        pValue: normalTwoSided(z),
        lower,
        upper,
        oddsRatio: Number.isFinite(odds.upper) ? odds : undefined,
    };
}

function fitQuality(design: Design, beta: readonly number[]) {
    const [successes, trials] = totals(design);
    const value = logLikelihood(design.rows, beta);
    const nullValue = nullLogLikelihood(successes, trials);
    const chiSquare = Math.max(0, 2 * (value - nullValue));
    const degreesOfFreedom = design.names.length - 1;
    return {
        logLikelihood: value,
        nullLogLikelihood: nullValue,
        likelihoodRatio: {
            chiSquare,
            degreesOfFreedom,
            pValue: degreesOfFreedom > 0 ? chiSquareSf(chiSquare, degreesOfFreedom) : 1,
        },
        mcFadden: nullValue < 0 ? 1 - value / nullValue : 0,
        aic: 2 * design.names.length - 2 * value,
        bic: design.names.length * Math.log(trials) - 2 * value,
        trials,
    };
}

function nullLogLikelihood(successes: number, trials: number): number {
    const part = (count: number): number => (count === 0 ? 0 : count * Math.log(count / trials));
    return part(successes) + part(trials - successes);
}
