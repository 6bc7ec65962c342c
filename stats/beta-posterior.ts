import { isProportion, type Proportion } from './estimate.ts';
import { lnBeta } from './numerics/gamma.ts';
import { integrate } from './numerics/gauss-legendre.ts';
import { betaTails } from './numerics/incomplete-beta.ts';
import { type Computed, computed } from './result.ts';

/** A beta distribution of a rate. */
export interface Beta {
    readonly a: number;
    readonly b: number;
}

/** Every rate equally likely. */
export const UNIFORM_PRIOR: Beta = { a: 1, b: 1 };

export type BetaComparisonResult =
    | Computed<{
          readonly control: Beta;
          readonly treatment: Beta;
          /** P(treatment rate > control rate). */
          readonly chanceToWin: number;
          /** Expected loss of rate if the treatment is shipped: E[max(control - treatment, 0)]. */
          readonly lossIfShipped: number;
          /** Expected loss of rate if it is not: E[max(treatment - control, 0)]. */
          readonly lossIfKept: number;
      }>
    | { readonly status: 'invalid_input' };

/** Beyond this many terms the exact sum costs more than the integral, which agrees to 1e-8 and better. */
const MOST_TERMS = 50_000;

/** Two rates with a beta prior each arm shares. */
export function compareBetas(
    control: Proportion,
    treatment: Proportion,
    prior: Beta = UNIFORM_PRIOR,
): BetaComparisonResult {
    const isValid = isProportion(control) && isProportion(treatment) && prior.a > 0 && prior.b > 0;
    if (!isValid || !Number.isFinite(prior.a + prior.b)) return { status: 'invalid_input' };
    const c = posterior(control, prior);
    const t = posterior(treatment, prior);
    const isSum = Number.isInteger(t.a) && t.a <= MOST_TERMS;
    return computed({
        control: c,
        treatment: t,
        chanceToWin: isSum ? chanceBySum(c, t) : chanceByIntegral(c, t),
        lossIfShipped: expectedExcess(c, t),
        lossIfKept: expectedExcess(t, c),
    });
}

function posterior({ successes, trials }: Proportion, prior: Beta): Beta {
    return { a: prior.a + successes, b: prior.b + trials - successes };
}

/** P(T > C) as the finite sum over i < aT of B(aC+i, bC+bT) / ((bT+i) B(1+i, bT) B(aC, bC)); needs a whole aT. */
export function chanceBySum(c: Beta, t: Beta): number {
    let ln = lnBeta(c.a, c.b + t.b) - lnBeta(c.a, c.b);
    let sum = 0;
    for (let i = 0; i < t.a; i++) {
        sum += Math.exp(ln);
        ln += Math.log(((c.a + i) / (c.a + c.b + t.b + i)) * ((t.b + i) / (1 + i)));
    }
    return Math.min(1, sum);
}

/** P(T > C) as the integral of T's density times C's distribution function. */
export function chanceByIntegral(c: Beta, t: Beta): number {
    const constant = lnBeta(t.a, t.b);
    const ln = (x: number, y: number): number => (x < 0.5 ? Math.log(x) : Math.log1p(-y));
    const density = (x: number, y: number): number => Math.exp((t.a - 1) * ln(x, y) + (t.b - 1) * ln(y, x) - constant);
    return Math.min(
        1,
        integrateRates((x, y) => density(x, y) * betaTails(c.a, c.b, x, y).lower, [c, t]),
    );
}

/** E[max(high - low, 0)] = integral of P(low < x) P(high > x); nothing cancels in it. */
function expectedExcess(high: Beta, low: Beta): number {
    return integrateRates(
        (x, y) => betaTails(low.a, low.b, x, y).lower * betaTails(high.a, high.b, x, y).upper,
        [high, low],
    );
}

/**
 * The integral over all rates x of f(x, 1 - x). The upper half is taken in 1 - x, so that a density that is infinite
 * at 1 is as well resolved as one that is infinite at 0.
 */
function integrateRates(f: (x: number, y: number) => number, betas: readonly Beta[]): number {
    const mirrored = betas.map(({ a, b }) => ({ a: b, b: a }));
    return integrate((x) => f(x, 1 - x), breaksOf(betas)) + integrate((y) => f(1 - y, y), breaksOf(mirrored));
}

/** In standard deviations: fine where the mass is, coarse out to where even an exponential tail has ended. */
const OFFSETS = [...Array.from({ length: 28 }, (_, i) => (i + 1) / 2), 16, 18, 20, 24, 28, 32, 36, 40];

/** Panels from 0 to 1/2 around the means, however unequal; where a density is infinite at 0 they shrink towards it. */
function breaksOf(betas: readonly Beta[]): readonly number[] {
    const points = betas.flatMap(({ a, b }) => {
        const mean = a / (a + b);
        const sd = Math.sqrt((mean * (b / (a + b))) / (a + b + 1));
        const towards0 = a < 1 ? Array.from({ length: 100 }, (_, i) => mean * 4 ** -(i + 1)) : [];
        return [mean, ...OFFSETS.flatMap((offset) => [mean - offset * sd, mean + offset * sd]), ...towards0];
    });
    return [...new Set([0, ...points.filter((x) => x > 0 && x < 0.5), 0.5])].sort((x, y) => x - y);
}
