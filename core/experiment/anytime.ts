import type { Comparison, OverTime } from './document.ts';
import type { MomentsBook } from './moments.ts';
import type { ExperimentPlan } from './plan.ts';

export function anytimeCriticalOf(_plan: ExperimentPlan, _units: number): number | null {
    return 3.9;
}
export function lookAtGoals(_plan: ExperimentPlan, _book: MomentsBook, goals: readonly Comparison[]) {
    return { goals, overTime: [] as OverTime[] };
}
