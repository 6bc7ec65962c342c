import { groupSequentialBounds } from '#stats/group-sequential.ts';
import type { GoalComparison } from './document.ts';
import type { ExperimentPlan } from './plan.ts';

/** Looks at fixed sizes: how many of them are reached, and the level the last of those may decide at. */
export interface PlannedLooks {
    readonly reached: number;
    readonly planned: number;
    /** Two-sided, of one goal; `null` before the first look. */
    readonly level: number | null;
}

/**
 * Where a plan with looks at fixed sizes stands. The level is that of Lan and DeMets' O'Brien-Fleming-like spending,
 * for one of `family` goals (Bonferroni); `null` for plans without such looks.
 */
export function plannedLooks(plan: ExperimentPlan, units: number, family: number): PlannedLooks | null {
    if (plan.looks.kind !== 'at_units') return null;
    const sizes = plan.looks.units;
    const reached = sizes.filter((size) => size <= units);
    const last = sizes.at(-1) ?? 1;
    if (reached.length === 0) return { reached: 0, planned: sizes.length, level: null };
    const bounds = groupSequentialBounds(
        reached.map((size) => size / last),
        plan.alpha / Math.max(1, family),
    );
    const level = bounds.status === 'ok' ? (bounds.looks.at(-1)?.nominalLevel ?? null) : null;
    return { reached: reached.length, planned: sizes.length, level };
}

/** A goal's p-value on the scale of the plan's alpha: below it exactly when the look's bound is crossed. */
export function sequentialP(goal: GoalComparison, plan: ExperimentPlan, units: number, family: number): number {
    const level = plannedLooks(plan, units, family)?.level ?? null;
    if (level === null || goal.test.status !== 'ok') return 1;
    const pValue = goal.exactPValue ?? goal.test.pValue;
    return Math.min(1, (pValue * plan.alpha) / level);
}
