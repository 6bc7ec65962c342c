import { deviance, stirlingRemainder } from './numerics/gamma.ts';
import { computed, isCount, type Overflow } from './result.ts';

export type SequentialSrmResult =
    | {
          readonly status: 'ok';
          /** The smallest 1 / Bayes factor over the looks, at most 1: a p value however often one looks. */
          readonly pValue: number;
          /** ln Bayes factor of "another split" against the planned one, at the last look. */
          readonly logBayesFactor: number;
      }
    | Overflow
    | { readonly status: 'insufficient_n' | 'invalid_input' };

/** How firmly the Dirichlet prior expects the planned split (Lindon & Malek, arXiv:2011.03567). */
const CONCENTRATION = 1e4;

/**
 * The sequential test of sample ratio mismatch. `looks` are cumulative counts per arm in time order; `weights` the
 * planned split in any unit, all above zero.
 */
export function sequentialSrm(looks: readonly (readonly number[])[], weights: readonly number[]): SequentialSrmResult {
    const isPlan = weights.length > 1 && weights.every((weight) => weight > 0 && Number.isFinite(weight));
    const isValid = looks.every((counts) => counts.length === weights.length && counts.every(isCount));
    if (!isPlan || !isValid) return { status: 'invalid_input' };
    if (looks.length === 0) return { status: 'insufficient_n' };
    const total = weights.reduce((a, b) => a + b);
    const shares = weights.map((weight) => weight / total);
    const factors = looks.map((counts) => logBayesFactor(counts, shares));
    const largest = factors.reduce((a, b) => Math.max(a, b));
    return computed({ pValue: Math.min(1, Math.exp(-largest)), logBayesFactor: factors.at(-1)! });
}

/**
 * ln of the Dirichlet-multinomial over the multinomial likelihood. The gamma functions are written out by
 * Stirling's formula, whose large terms combine to deviances; subtracting ln gamma of 1e9 would lose six digits.
 */
function logBayesFactor(counts: readonly number[], shares: readonly number[]): number {
    const units = counts.reduce((a, b) => a + b);
    const posterior = CONCENTRATION + units;
    const perArm = counts.map((count, arm) => {
        const share = shares[arm]!;
        const prior = CONCENTRATION * share;
        const remainders = stirlingRemainder(prior + count) - stirlingRemainder(prior);
        return (
            deviance(prior + count, posterior * share, units * share - count) -
            0.5 * Math.log1p(count / prior) +
            remainders
        );
    });
    const sum = perArm.reduce((a, b) => a + b);
    const remainders = stirlingRemainder(CONCENTRATION) - stirlingRemainder(posterior);
    return sum + 0.5 * Math.log1p(units / CONCENTRATION) + remainders;
}
