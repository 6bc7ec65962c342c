import { formatCount, formatLift, formatShare, formatValue } from '../format.ts';
import type { ExperimentPlan } from '../plan.ts';
import type { ShopHistory } from './history.ts';
import type { SizePlan } from './size.ts';

/** Nobody runs an experiment for longer. */
const TOO_LONG_DAYS = 730;

/** The answer as plain JSON. */
export function sizeDocument(plan: ExperimentPlan, lift: number, history: ShopHistory, size: SizePlan): object {
    return {
        experiment: plan.experimentId,
        declared: plan.declared,
        lift,
        power: plan.power,
        alpha: plan.alpha,
        plannedUnits: plan.plannedUnits,
        units: size.units,
        days: size.days,
        needs: size.needs.map(({ metric, ...need }) => ({ metric: metric.name, ...need })),
        history: { from: history.from, to: history.to, exposedUsers: history.exposedByDay.at(-1) ?? 0 },
    };
}

/** One row a goal and guardrail. */
export function sizeRows(plan: ExperimentPlan, { needs }: SizePlan, count: (units: number) => string): string[][] {
    const shown = (units: number | null) => (units === null ? '-' : count(units));
    return needs.map((need) => [
        `${need.metric.label}${need.role === 'guardrail' ? ' (guardrail)' : ''}`,
        need.baseline === null ? '-' : formatValue(need.metric.unit, need.baseline, plan.currency),
        need.role === 'goal' ? formatLift(need.change) : `within ${formatShare(need.change)}`,
        shown(need.units),
        shown(need.adjustedUnits),
        shown(need.anytimeUnits),
    ]);
}

/** What the numbers mean, in words. */
export function sizeSentence(plan: ExperimentPlan, lift: number, history: ShopHistory, size: SizePlan): string[] {
    const exposed = history.exposedByDay.at(-1) ?? 0;
    const seen = `From ${history.from} to ${history.to} the shop would have exposed ${formatCount(exposed)} users.`;
    if (size.units === null) {
        return [`${seen} None of the goals has a baseline to plan from: nobody did what they count.`];
    }
    const arms = plan.arms.filter(({ weight }) => weight > 0).length;
    const needed =
        `${formatCount(size.units)} users over ${arms} arms find a change of ${formatLift(lift)} in the primary goal ` +
        `${Math.round(plan.power * 100)} times out of 100 and can show every guardrail whose history is known.`;
    const unknown = size.needs.filter(({ units }) => units === null).map(({ metric }) => metric.label.toLowerCase());
    const duration =
        size.days === null
            ? 'At the present pace that many users never come.'
            : size.days > TOO_LONG_DAYS
              ? 'At the present pace that takes more than two years: look for a larger change, wider margins or fewer arms.'
              : `That takes about ${formatCount(size.days)} days (at least 14 are worth it, to see whole weeks).`;
    const planned = plan.plannedUnits;
    const short =
        planned === null || planned >= size.units
            ? []
            : [`The plan says ${formatCount(planned)} users: too few for that change.`];
    return [
        seen,
        needed,
        duration,
        ...(unknown.length === 0 ? [] : [`No history of ${unknown.join(', ')}: sized once an experiment has run.`]),
        ...short,
    ];
}
