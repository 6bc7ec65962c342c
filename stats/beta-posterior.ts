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
    const density = (x: number): number => Math.exp((t.a - 1) * Math.log(x) + (t.b - 1) * Math.log1p(-x) - constant);
    return Math.min(
        1,
        integrate((x) => density(x) * betaTails(c.a, c.b, x).lower, breaksOf(c, t)),
    );
}

/** E[max(high - low, 0)] = integral of P(low < x) P(high > x); nothing cancels in it. */
function expectedExcess(high: Beta, low: Beta): number {
    return integrate((x) => betaTails(low.a, low.b, x).lower * betaTails(high.a, high.b, x).upper, breaksOf(high, low));
}

/** Panels half a standard deviation wide around each mean, out to 14: both shapes are resolved, however unequal. */
function breaksOf(...betas: readonly Beta[]): readonly number[] {
    const points = betas.flatMap(({ a, b }) => {
        const mean = a / (a + b);
        const sd = Math.sqrt((mean * (b / (a + b))) / (a + b + 1));
        return Array.from({ length: 57 }, (_, i) => mean + ((i - 28) / 2) * sd);
    });
    return [...new Set([0, ...points.filter((x) => x > 0 && x < 1), 1])].sort((x, y) => x - y);
}
