import { anytimeCritical } from '#stats/anytime.ts';
import { intervalAround } from '#stats/interval.ts';
import type { JointMoments } from '#stats/joint-moments.ts';
import { mergeJointMoments, NO_JOINT_MOMENTS } from '#stats/joint-moments.ts';
import { normalTwoSided } from '#stats/numerics/normal.ts';
import { anytimePlanOf } from '../anytime.ts';
import { effectOf } from '../compare.ts';
import type { GoalComparison, IntervalKind } from '../document.ts';
import { formatChange, formatP } from '../format.ts';
import type { Metric } from '../metrics.ts';
import type { MomentsBook } from '../moments.ts';
import { missing } from '../outcome.ts';
import type { ExperimentPlan } from '../plan.ts';
import type { Novelty } from './document.ts';

const COHORTS = 4;

/** The primary goal by when users were first exposed: four groups of days with about as many users each. */
export function noveltyOf(
    plan: ExperimentPlan,
    kind: IntervalKind,
    book: MomentsBook,
    goals: readonly GoalComparison[],
): Novelty[] {
    if (plan.looks.kind === 'once') return [];
    return goals
        .filter(({ primary }) => primary)
        .map(({ metric, treatment: { variant } }) => {
            const groups = cohortsOf(daysOf(book, metric, [plan.control, variant]));
            const effects = groups.map(({ arms: [control, treatment] }) =>
                effectOf(
                    metric,
                    { variant: plan.control, moments: control },
                    { variant, moments: treatment },
                    plan.alpha,
                ),
            );
            const cohorts = groups.map(({ from, to, arms }, index) => {
                const effect = effects[index]!;
                const units = arms[0].count + arms[1].count;
                if (effect.status !== 'ok') return { from, to, units, difference: effect };
                const { difference, differenceVariance } = effect.contrast;
                const critical = kind === 'fixed' ? effect.critical : anytimeCritical(units, anytimePlanOf(plan));
                const { lower, upper } = intervalAround(difference, critical * Math.sqrt(differenceVariance));
                return {
                    from,
                    to,
                    units,
                    difference: { status: 'ok' as const, value: difference, low: lower, high: upper },
                };
            });
            const trend = trendOf(effects.flatMap((effect) => (effect.status === 'ok' ? [effect.contrast] : [])));
            return { metric, variant, cohorts, trend, sentence: sentenceOf(metric, trend, plan) };
        });
}

interface Cohort {
    readonly from: string;
    readonly to: string;
    readonly arms: readonly [JointMoments, JointMoments];
}

function daysOf(book: MomentsBook, metric: Metric, variants: readonly [string, string]): Cohort[] {
    const days = new Map<string, [JointMoments, JointMoments]>();
    variants.forEach((variant, arm) => {
        for (const { exposedOn, moments } of book.daily({ metric: metric.name, variant })) {
            const arms = days.get(exposedOn) ?? [NO_JOINT_MOMENTS, NO_JOINT_MOMENTS];
            arms[arm] = mergeJointMoments(arms[arm]!, moments);
            days.set(exposedOn, arms);
        }
    });
    return [...days].sort(([a], [b]) => (a < b ? -1 : 1)).map(([day, arms]) => ({ from: day, to: day, arms }));
}

function cohortsOf(days: readonly Cohort[]): Cohort[] {
    const total = days.reduce((sum, { arms }) => sum + arms[0].count + arms[1].count, 0);
    const groups = new Map<number, Cohort>();
    let before = 0;
    for (const day of days) {
        const index = Math.min(COHORTS - 1, Math.floor((before / Math.max(1, total)) * COHORTS));
        const group = groups.get(index);
        groups.set(index, {
            from: group?.from ?? day.from,
            to: day.to,
            arms: [
                mergeJointMoments(group?.arms[0] ?? NO_JOINT_MOMENTS, day.arms[0]),
                mergeJointMoments(group?.arms[1] ?? NO_JOINT_MOMENTS, day.arms[1]),
            ],
        });
        before += day.arms[0].count + day.arms[1].count;
    }
    return [...groups.values()];
}

/** The slope of the effect over the groups, weighted by their precision: from the first to the last group. */
function trendOf(effects: readonly { difference: number; differenceVariance: number }[]): Novelty['trend'] {
    if (effects.length < 3) return missing('too_few_units', 'Needs three groups of days with users in both arms.');
    const weights = effects.map(({ differenceVariance }) => 1 / differenceVariance);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const centre = weights.reduce((sum, weight, index) => sum + weight * index, 0) / total;
    const spread = weights.reduce((sum, weight, index) => sum + weight * (index - centre) ** 2, 0);
    const slope =
        effects.reduce((sum, { difference }, index) => sum + weights[index]! * (index - centre) * difference, 0) /
        spread;
    if (!Number.isFinite(slope)) return missing('no_variation', 'The groups do not vary.');
    return { status: 'ok', change: slope * (effects.length - 1), pValue: normalTwoSided(slope * Math.sqrt(spread)) };
}

function sentenceOf(metric: Metric, trend: Novelty['trend'], plan: ExperimentPlan): string {
    if (trend.status !== 'ok') return `Whether the effect wears off cannot be said. ${trend.why}`;
    const p = `p ${formatP(trend.pValue)}`;
    return trend.pValue < plan.alpha
        ? `The effect changes with the time of first exposure: by ${formatChange(metric.unit, trend.change, plan.currency)} from the first users to the last (${p}).`
        : `No evidence that the effect is another for users who came later (${p}).`;
}
