import { chiSquareSf } from './numerics/incomplete-gamma.ts';
import { type Computed, computed } from './result.ts';

/** The effect in one segment. */
export interface SegmentEffect {
    readonly difference: number;
    /** Of the difference. */
    readonly variance: number;
}

export interface Heterogeneity {
    /** Cochran's Q; with two segments the square of the z that compares them. */
    readonly q: number;
    readonly degreesOfFreedom: number;
    /** Of "the effect is the same in all segments". */
    readonly pValue: number;
    /** Share of the spread between segments that is more than noise. */
    readonly iSquared: number;
    /** Variance of the true effects between segments (DerSimonian & Laird 1986). */
    readonly tauSquared: number;
    /** Precision-weighted common effect. */
    readonly pooled: SegmentEffect;
    /** Each segment's effect pulled towards the common one as far as its noise warrants; in the order given. */
    readonly shrunken: readonly number[];
}

export type HeterogeneityResult =
    | Computed<Heterogeneity>
    | { readonly status: 'insufficient_n' | 'zero_variance' | 'invalid_input' };

/** Whether effects differ between segments (Cochran's Q with Higgins & Thompson's I^2). Needs two segments. */
export function heterogeneity(effects: readonly SegmentEffect[]): HeterogeneityResult {
    const problem = problemOf(effects);
    if (problem !== undefined) return { status: problem };
    const degreesOfFreedom = effects.length - 1;
    const weights = effects.map((effect) => 1 / effect.variance);
    const total = weights.reduce((a, b) => a + b);
    const pooled = effects.reduce((sum, effect, i) => sum + effect.difference * weights[i]!, 0) / total;
    const q = effects.reduce((sum, effect, i) => sum + weights[i]! * (effect.difference - pooled) ** 2, 0);
    const excess = Math.max(0, q - degreesOfFreedom);
    const tauSquared = excess / (total - weights.reduce((sum, weight) => sum + weight * weight, 0) / total);
    return computed({
        q,
        degreesOfFreedom,
        pValue: chiSquareSf(q, degreesOfFreedom),
        iSquared: q > 0 ? excess / q : 0,
        tauSquared,
        pooled: { difference: pooled, variance: 1 / total },
        shrunken: effects.map(
            ({ difference, variance }) => (difference * tauSquared + pooled * variance) / (tauSquared + variance),
        ),
    });
}

export type CrossoverResult =
    | Computed<{
          readonly qPositive: number;
          readonly qNegative: number;
          readonly statistic: number;
          /** Of "no segment's effect has the opposite sign of another's". */
          readonly pValue: number;
      }>
    | { readonly status: 'insufficient_n' | 'zero_variance' | 'invalid_input' };

/** Gail & Simon's test for an effect that helps in some segments and harms in others (Biometrics 41, 1985). */
export function gailSimon(effects: readonly SegmentEffect[]): CrossoverResult {
    const problem = problemOf(effects);
    if (problem !== undefined) return { status: problem };
    const squares = (sign: number): number =>
        effects.reduce((sum, { difference, variance }) => {
            return difference * sign > 0 ? sum + difference ** 2 / variance : sum;
        }, 0);
    const [qPositive, qNegative] = [squares(1), squares(-1)];
    const statistic = Math.min(qPositive, qNegative);
    return computed({ qPositive, qNegative, statistic, pValue: crossoverTail(statistic, effects.length - 1) });
}

/** sum over h of C(k, h) 2^-k P(chi-square_h > statistic). */
function crossoverTail(statistic: number, k: number): number {
    if (statistic === 0) return 1;
    let binomial = 2 ** -k;
    let tail = 0;
    for (let h = 1; h <= k; h++) {
        binomial *= (k - h + 1) / h;
        tail += binomial * chiSquareSf(statistic, h);
    }
    return tail;
}

function problemOf(
    effects: readonly SegmentEffect[],
): 'insufficient_n' | 'zero_variance' | 'invalid_input' | undefined {
    const isValid = effects.every(
        ({ difference, variance }) => Number.isFinite(difference) && Number.isFinite(variance) && variance >= 0,
    );
    if (!isValid) return 'invalid_input';
    if (effects.length < 2) return 'insufficient_n';
    return effects.some(({ variance }) => variance === 0) ? 'zero_variance' : undefined;
}
