import type { Estimate, ExperimentAnalysis, GoalComparison, IntervalKind, Outcome } from '../document.ts';
import { missing } from '../outcome.ts';
import { shownOf } from '../shown.ts';
import type { Impact } from './document.ts';

/** Each goal's change times the users a day sees, over the whole period: for means and shares of users. */
export function impactOf(
    goals: readonly GoalComparison[],
    kind: IntervalKind,
    period: ExperimentAnalysis['period'],
    units: number,
): Impact[] {
    if (period.days === 0) return [];
    const unitsPerDay = units / period.days;
    return goals
        .filter(({ metric }) => metric.kind !== 'ratio')
        .map((goal) => {
            const { metric, treatment } = goal;
            return { metric, variant: treatment.variant, unitsPerDay, perDay: perDayOf(goal, kind, unitsPerDay) };
        });
}

function perDayOf(goal: GoalComparison, kind: IntervalKind, unitsPerDay: number): Outcome<Estimate> {
    const { difference } = shownOf(goal, kind);
    if (difference.status !== 'ok') return missing(difference.status, difference.why);
    return {
        status: 'ok',
        value: difference.value * unitsPerDay,
        low: difference.low * unitsPerDay,
        high: difference.high * unitsPerDay,
    };
}
