import type { ExperimentAnalysis, GoalComparison } from '../document.ts';
import { missing } from '../outcome.ts';
import type { Impact } from './document.ts';

/** Each goal's change times the users a day sees, over the whole period: for means and shares of users. */
export function impactOf(
    goals: readonly GoalComparison[],
    period: ExperimentAnalysis['period'],
    units: number,
): Impact[] {
    if (period.days === 0) return [];
    const unitsPerDay = units / period.days;
    return goals
        .filter(({ metric }) => metric.kind !== 'ratio')
        .map(({ metric, treatment, difference }) => ({
            metric,
            variant: treatment.variant,
            unitsPerDay,
            perDay:
                difference.status === 'ok'
                    ? {
                          status: 'ok',
                          value: difference.value * unitsPerDay,
                          low: difference.low * unitsPerDay,
                          high: difference.high * unitsPerDay,
                      }
                    : missing(difference.status, difference.why),
        }));
}
