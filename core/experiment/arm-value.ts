import type { Estimate as StatsEstimate } from '#stats/estimate.ts';
import { meanEstimate, type Proportion, proportionEstimate } from '#stats/estimate.ts';
import { intervalAround } from '#stats/interval.ts';
import { type JointMoments, marginalY } from '#stats/joint-moments.ts';
import { studentCritical } from '#stats/numerics/student.ts';
import { ratioEstimate } from '#stats/ratio.ts';
import { wilsonInterval } from '#stats/wilson.ts';
import type { ArmValue, Estimate, Outcome } from './document.ts';
import type { Metric } from './metrics.ts';
import { missingBecause } from './outcome.ts';

/** What the mean of a 0/1 column says: so many of so many. Rounding undoes the division that made the mean. */
export function proportionOf({ count, meanY }: JointMoments): Proportion {
    return { successes: Math.round(meanY * count), trials: count };
}

/** The estimate of one arm's value with its variance, by the kind of the metric. */
export function estimateArm(metric: Metric, moments: JointMoments) {
    if (metric.kind === 'proportion') return proportionEstimate(proportionOf(moments));
    return metric.kind === 'mean' ? meanEstimate(marginalY(moments)) : ratioEstimate(moments);
}

/** One arm of a comparison as the page shows it, with an interval at confidence 1 - alpha. */
export function describeArm(metric: Metric, variant: string, moments: JointMoments, alpha: number): ArmValue {
    const { count, meanX, meanY } = moments;
    return {
        variant,
        units: count,
        numerator: metric.kind === 'proportion' ? proportionOf(moments).successes : meanY * count,
        denominator: metric.kind === 'ratio' ? Math.round(meanX * count) : count,
        value: armInterval(metric, moments, alpha),
    };
}

function armInterval(metric: Metric, moments: JointMoments, alpha: number): Outcome<Estimate> {
    const estimate = estimateArm(metric, moments);
    if (estimate.status !== 'ok') return missingBecause(estimate.status, metric, [moments.count]);
    if (metric.kind === 'proportion') {
        const wilson = wilsonInterval(proportionOf(moments), alpha);
        if (wilson.status !== 'ok') return missingBecause(wilson.status, metric, [moments.count]);
        return { status: 'ok', value: estimate.value, low: wilson.lower, high: wilson.upper };
    }
    const { lower, upper } = meanInterval(estimate, alpha);
    return { status: 'ok', value: estimate.value, low: lower, high: upper };
}

function meanInterval({ value, variance, count }: StatsEstimate, alpha: number) {
    return intervalAround(value, studentCritical(alpha, count - 1) * Math.sqrt(variance));
}
