import type { Proportion } from '../estimate.ts';
import { chiSquareSf } from '../numerics/incomplete-gamma.ts';
import { type Computed, computed } from '../result.ts';
import { fitLogistic } from './fit.ts';

/** Both arms' rates in one segment. */
export interface SegmentRates {
    readonly control: Proportion;
    readonly treatment: Proportion;
}

export type RateInteractionResult =
    | Computed<{ readonly chiSquare: number; readonly degreesOfFreedom: number; readonly pValue: number }>
    | { readonly status: 'insufficient_n' | 'no_outcome_variation' | 'not_converged' | 'invalid_input' };

/**
 * Whether the odds ratio differs between segments: the likelihood ratio of treatment x segment. On this
 * multiplicative scale the answer can differ from that of `heterogeneity`, which asks about differences of rates.
 */
export function rateInteraction(segments: readonly SegmentRates[]): RateInteractionResult {
    if (segments.length < 2) return { status: 'insufficient_n' };
    const isEmpty = segments.some(({ control, treatment }) => control.trials === 0 || treatment.trials === 0);
    if (isEmpty) return { status: 'insufficient_n' };
    const others = segments.slice(1);
    const rows = segments.flatMap(({ control, treatment }, segment) => {
        const dummies = others.map((_, i) => (i + 1 === segment ? 1 : 0));
        return [
            { x: [0, ...dummies], ...control },
            { x: [1, ...dummies], ...treatment },
        ];
    });
    const main = fitLogistic(['treatment', ...others.map((_, i) => `segment ${i + 1}`)], rows, { alpha: 0.05 });
    if (main.status !== 'ok') {
        return {
            status:
                main.status === 'no_outcome_variation' || main.status === 'invalid_input'
                    ? main.status
                    : 'not_converged',
        };
    }
    // The model with the interaction is saturated: every cell has its own rate, certain ones included.
    const saturated = segments.reduce(
        (sum, { control, treatment }) => sum + cellLikelihood(control) + cellLikelihood(treatment),
        0,
    );
    const chiSquare = Math.max(0, 2 * (saturated - main.logLikelihood));
    const degreesOfFreedom = segments.length - 1;
    return computed({ chiSquare, degreesOfFreedom, pValue: chiSquareSf(chiSquare, degreesOfFreedom) });
}

function cellLikelihood({ successes, trials }: Proportion): number {
    const part = (count: number): number => (count === 0 ? 0 : count * Math.log(count / trials));
    return part(successes) + part(trials - successes);
}
