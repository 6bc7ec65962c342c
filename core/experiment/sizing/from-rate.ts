import { UsageError } from '../../errors.ts';
import { formatCount, formatLevel, formatLift, formatValue } from '../format.ts';
import { metricOf } from '../metrics.ts';
import { type ExperimentPlan, treatmentsOf } from '../plan.ts';
import { rateSizes } from '../readings/reach.ts';
import type { ShopHistory } from './history.ts';
import { planSize } from './size.ts';

/** The size of an experiment from a share somebody names, as a document and in words. */
export interface RatePlan {
    readonly document: object;
    readonly sentences: readonly string[];
}

/**
 * Sizes the primary goal for `lift` from a share: alone by both formulas calculators use, and together with the plan's
 * other goals and arms. Throws UsageError when the primary goal is no share, or the change leads beyond 100 %.
 */
export function planFromRate(plan: ExperimentPlan, lift: number, rate: number): RatePlan {
    const [primary = ''] = plan.goals;
    const metric = metricOf(plan, primary);
    if (metric.kind !== 'proportion') {
        throw new UsageError(
            `A base rate is for a share, and the primary goal ${primary} is none. Leave out --base-rate to plan from the history of the shop.`,
        );
    }
    const { unitsByArcsine, unitsByNormal } = rateSizes(rate, lift, plan);
    if (unitsByArcsine === null || unitsByNormal === null) {
        throw new UsageError(
            `A change of ${formatLift(lift)} from ${formatValue('share', rate)} leads beyond 100%. Name a smaller --lift or --base-rate.`,
        );
    }
    const known = { metric: primary, units: 2, mean: rate, variance: rate * (1 - rate), correlation: null };
    const history: ShopHistory = { from: '', to: '', exposedByDay: [], metrics: [known] };
    const together = planSize({ ...plan, guardrails: [] }, lift, history).needs[0]?.controlUnits ?? null;
    const tests = plan.goals.length * treatmentsOf(plan).length;
    const what = `${formatLift(lift)} from ${formatValue('share', rate)} in ${metric.label.toLowerCase()}`;
    const alone = `${formatCount(unitsByArcsine)} users an arm on the arcsine scale (Cohen\u2019s h, as R\u2019s pwr.2p.test), ${formatCount(unitsByNormal)} with the pooled variance (as R\u2019s power.prop.test)`;
    return {
        document: {
            experiment: plan.experimentId,
            metric: primary,
            baseline: rate,
            lift,
            alpha: plan.alpha,
            power: plan.power,
            alone: { unitsByArcsine, unitsByNormal },
            tests,
            controlUnitsTogether: together,
        },
        sentences: [
            `To find ${what} ${Math.round(plan.power * 100)} times out of 100, two-sided at ${formatLevel(1 - plan.alpha)}:`,
            `  this goal alone: ${alone};`,
            ...(together === null || tests < 2
                ? []
                : [
                      `  corrected for all ${tests} goals and arms of the plan: ${formatCount(together)} users in control.`,
                  ]),
        ],
    };
}
