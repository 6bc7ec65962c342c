import { type AnytimePlan, anytimeCritical } from '#stats/anytime.ts';
import { groupSequentialBounds, sampleSizeInflation } from '#stats/group-sequential.ts';
import { normalCritical, normalUpperQuantile } from '#stats/numerics/normal.ts';
import { adjustedVariance, powerPerTest, sampleSize, sampleSizeOfRates } from '#stats/power.ts';
import { type Metric, metricOf } from '../metrics.ts';
import { type ExperimentPlan, treatmentsOf } from '../plan.ts';
import type { MetricHistory, ShopHistory } from './history.ts';

/** How many users over all arms one goal or guardrail needs. */
export interface SizeNeed {
    readonly metric: Metric;
    readonly role: 'goal' | 'guardrail';
    readonly baseline: number | null;
    /** The relative change to find, or the margin not to be crossed. */
    readonly change: number;
    /** Users over all arms, by the test at the planned size; null when history says nothing. */
    readonly units: number | null;
    /** Users of the control arm. */
    readonly controlUnits: number | null;
    /** The same when the 30 days before exposure are taken into account; null where that is not planned or no help. */
    readonly adjustedUnits: number | null;
    /** The same for a decision on any day by the any-time test. */
    readonly anytimeUnits: number | null;
}

/** What an experiment needs, and how long that takes in this shop. */
export interface SizePlan {
    readonly needs: readonly SizeNeed[];
    /** The largest need over the primary goal and the guardrails. */
    readonly units: number | null;
    /** Days until that many users are exposed; null when unknown. */
    readonly days: number | null;
}

/** Sizes every goal for `lift` and every guardrail for its margin, with the plan's power and level. */
export function planSize(plan: ExperimentPlan, lift: number, history: ShopHistory): SizePlan {
    const known = (metric: string) => history.metrics.find((one) => one.metric === metric);
    const goals = plan.goals.map((name) => goalNeed(plan, name, lift, known(name)));
    const guardrails = plan.guardrails.map(({ metric, margin }) => guardrailNeed(plan, metric, margin, known(metric)));
    const needs = [...goals, ...guardrails];
    const deciding = [goals[0], ...guardrails].flatMap((need) => need?.units ?? []);
    const units = deciding.length === 0 ? null : Math.max(...deciding);
    return { needs, units, days: units === null ? null : daysFor(units, history.exposedByDay) };
}

/** Days until `units` users are exposed: as the history went, and on at the pace of its last two weeks. */
export function daysFor(units: number, exposedByDay: readonly number[]): number | null {
    const reached = exposedByDay.findIndex((exposed) => exposed >= units);
    if (reached >= 0) return reached + 1;
    const last = exposedByDay.at(-1) ?? 0;
    const tail = Math.min(14, exposedByDay.length - 1);
    const pace = tail > 0 ? (last - exposedByDay[exposedByDay.length - 1 - tail]!) / tail : 0;
    return pace > 0 ? exposedByDay.length + Math.ceil((units - last) / pace) : null;
}

function goalNeed(plan: ExperimentPlan, name: string, lift: number, history: MetricHistory | undefined): SizeNeed {
    const metric = metricOf(plan, name);
    const none = { metric, role: 'goal', change: lift } as const;
    if (history === undefined || history.units < 2 || history.mean === 0) return unknownNeed(none, history);
    const tests = plan.goals.length * treatmentsOf(plan).length;
    // Holm's first step is Bonferroni's: an effect on one goal alone has to pass it.
    const alpha = plan.alpha / Math.max(1, tests);
    const { power } = plan;
    const { ratio, shareOfControl } = splitOf(plan);
    const control = (critical: number, variance = history.variance): number | null => {
        const target = { critical, power, ratio };
        const treated = history.mean * (1 + lift);
        const adjusted = variance !== history.variance;
        const found =
            metric.kind === 'proportion' && !adjusted
                ? sampleSizeOfRates(history.mean, treated, target)
                : sampleSize(history.mean * lift, { control: variance, treatment: variance }, target);
        return found.status === 'ok' ? found.control * inflation(plan, alpha) : null;
    };
    const total = (units: number | null) => (units === null ? null : Math.ceil(units / shareOfControl));
    const fixed = control(normalCritical(alpha));
    const { correlation } = history;
    const helps = plan.covariates.includes(name) && correlation !== null && Math.abs(correlation) > 0.05;
    const adjustedVariance_ = helps ? adjustedVariance(history.variance, correlation) : undefined;
    return {
        ...none,
        baseline: history.mean,
        controlUnits: fixed === null ? null : Math.ceil(fixed),
        units: total(fixed),
        adjustedUnits:
            adjustedVariance_ === undefined ? null : total(control(normalCritical(alpha), adjustedVariance_)),
        anytimeUnits: total(anytimeSize(control, alpha, 1 + ratio)),
    };
}

/** The any-time critical value depends on the size it is to give: a few rounds settle it. */
function anytimeSize(control: (critical: number) => number | null, alpha: number, perControl: number): number | null {
    let size = control(normalCritical(alpha));
    for (let round = 0; round < 30 && size !== null; round++) {
        const plan: AnytimePlan = { alpha, plannedUnits: size * perControl };
        size = control(anytimeCritical(plan.plannedUnits, plan));
    }
    return size;
}

/** What looking early at planned sizes costs. */
function inflation(plan: ExperimentPlan, alpha: number): number {
    if (plan.looks.kind !== 'at_units') return 1;
    const last = plan.looks.units.at(-1)!;
    const bounds = groupSequentialBounds(
        plan.looks.units.map((units) => units / last),
        alpha,
    );
    return bounds.status === 'ok' ? sampleSizeInflation(bounds.looks, alpha, plan.power) : 1;
}

function guardrailNeed(
    plan: ExperimentPlan,
    name: string,
    margin: number,
    history: MetricHistory | undefined,
): SizeNeed {
    const metric = metricOf(plan, name);
    const none = { metric, role: 'guardrail', change: margin } as const;
    if (history === undefined || history.units < 2 || history.mean === 0) return unknownNeed(none, history);
    const { ratio, shareOfControl } = splitOf(plan);
    const factor = (metric.better === 'lower' ? 1 + margin : 1 - margin) ** 2;
    const target = {
        critical: normalUpperQuantile(plan.alpha / 2),
        power: powerPerTest(plan.power, plan.guardrails.length),
        ratio,
    };
    const variances = { control: history.variance * factor, treatment: history.variance };
    const found = sampleSize(history.mean * margin, variances, target);
    const controlUnits = found.status === 'ok' ? found.control : null;
    const units = controlUnits === null ? null : Math.ceil(controlUnits / shareOfControl);
    return { ...none, baseline: history.mean, controlUnits, units, adjustedUnits: null, anytimeUnits: null };
}

function unknownNeed(need: Pick<SizeNeed, 'metric' | 'role' | 'change'>, history: MetricHistory | undefined): SizeNeed {
    const baseline = history !== undefined && history.units > 0 ? history.mean : null;
    return { ...need, baseline, units: null, controlUnits: null, adjustedUnits: null, anytimeUnits: null };
}

/** The smallest treatment arm decides. */
function splitOf(plan: ExperimentPlan): { ratio: number; shareOfControl: number } {
    const total = plan.arms.reduce((sum, arm) => sum + arm.weight, 0);
    const control = plan.arms.find((arm) => arm.variant === plan.control)?.weight ?? 0;
    const treatments = plan.arms.filter((arm) => arm.variant !== plan.control && arm.weight > 0);
    const smallest = Math.min(...treatments.map((arm) => arm.weight));
    return { ratio: smallest / control, shareOfControl: control / total };
}
