import type { Proportion } from '#stats/estimate.ts';
import type { Interval } from '#stats/interval.ts';
import { newcombeInterval } from '#stats/newcombe.ts';
import { normalCritical } from '#stats/numerics/normal.ts';
import { proportionTest } from '#stats/proportion.ts';
import { scoreDifferenceInterval } from '#stats/score-difference.ts';
import { scoreLift } from '#stats/score-ratio.ts';
import type { Comparison, Estimate, Outcome } from './document.ts';
import type { Metric } from './metrics.ts';
import { liftOutcome, missingBecause } from './outcome.ts';

/** The part of a comparison that tests and intervals fill. */
export type Tested = Pick<
    Comparison,
    'test' | 'difference' | 'newcombeDifference' | 'waldDifference' | 'lift' | 'exactPValue' | 'flags'
>;

/**
 * Two shares: the pooled z test with the score intervals that agree with it (Mee for the difference, Koopman for
 * the lift), and the intervals other tools print beside them. Intervals exist also where the test does not:
 * nobody bought in either arm still says how much the arms can differ.
 */
export function compareShares(metric: Metric, control: Proportion, treatment: Proportion, alpha: number): Tested {
    const units = [control.trials, treatment.trials];
    const newcombe = newcombeInterval(control, treatment, alpha);
    if (newcombe.status !== 'ok') {
        const why = missingBecause(newcombe.status, metric, units);
        const none = { test: why, difference: why, newcombeDifference: why, waldDifference: why, lift: why };
        return { ...none, exactPValue: null, flags: [] };
    }
    const value = treatment.successes / treatment.trials - control.successes / control.trials;
    const around = ({ lower, upper }: Interval): Outcome<Estimate> => ({
        status: 'ok',
        value,
        low: lower,
        high: upper,
    });
    const tested = proportionTest(control, treatment, alpha);
    const why = tested.status === 'ok' ? undefined : missingBecause(tested.status, metric, units);
    const critical = normalCritical(alpha);
    return {
        test:
            tested.status === 'ok'
                ? {
                      status: 'ok',
                      method: 'two_proportion_z',
                      statistic: tested.z,
                      degreesOfFreedom: null,
                      pValue: tested.pValue,
                  }
                : why!,
        difference: around(scoreDifferenceInterval(control, treatment, critical)),
        newcombeDifference: around(newcombe),
        waldDifference: tested.status === 'ok' ? around(tested.waldInterval) : why!,
        lift: liftOutcome(metric, scoreLift(control, treatment, critical)),
        exactPValue: (tested.status === 'ok' ? tested.exactPValue : undefined) ?? null,
        flags: tested.status === 'ok' && tested.lowCounts ? ['low_counts'] : [],
    };
}
