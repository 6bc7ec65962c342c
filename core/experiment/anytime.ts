import { type AnytimePlan, anytimeTest, type Look as StatsLook } from '#stats/anytime.ts';
import type { Interval } from '#stats/interval.ts';
import type { JointMoments } from '#stats/joint-moments.ts';
import { mergeJointMoments, NO_JOINT_MOMENTS } from '#stats/joint-moments.ts';
import { runningTest } from '#stats/running-test.ts';
import type { IsoDate } from '../types.ts';
import { effectOf } from './compare.ts';
import type { AnytimeResult, Comparison, Estimate, Look, Outcome } from './document.ts';
import type { Metric } from './metrics.ts';
import type { MomentsBook } from './moments.ts';
import { liftOutcome, missing, missingBecause } from './outcome.ts';
import type { ExperimentPlan } from './plan.ts';

/** The state of one comparison after the exposures of a day and all before it. */
interface DayLook extends StatsLook {
    readonly exposedOn: IsoDate;
}

/** What is fixed before the start and makes the sequence of looks valid. */
export function anytimePlanOf(plan: ExperimentPlan): AnytimePlan {
    return { alpha: plan.alpha, plannedUnits: plan.plannedUnits ?? plan.anytimeTuningUnits };
}

/**
 * The comparison with its anytime-valid interval and p-value. A look is made after each day's newly exposed users,
 * from the day on which both arms have the plan's minimum.
 */
export function addAnytime(plan: ExperimentPlan, book: MomentsBook, comparison: Comparison): Comparison {
    const looks = looksOf(plan, book, comparison.metric, comparison.treatment.variant);
    const last = looks.at(-1);
    if (last === undefined) {
        const why = missing('too_few_units', `Begins when both arms have ${plan.firstLookUnitsPerArm} users.`);
        return { ...comparison, anytime: why, anytimeLift: why };
    }
    const anytimePlan = anytimePlanOf(plan);
    const now = anytimeTest(last, anytimePlan);
    if (now.status !== 'ok') {
        const why = missingBecause(now.status, comparison.metric, []);
        return { ...comparison, anytime: why, anytimeLift: why };
    }
    const running = runningTest(looks, anytimePlan);
    const value = last.contrast.difference;
    return {
        ...comparison,
        anytime: {
            status: 'ok',
            ...around(value, running.interval ?? now.interval),
            pValue: running.pValue,
            looks: running.looks,
        } satisfies Outcome<AnytimeResult>,
        anytimeLift: runningLift(comparison.metric, running.lift, liftOutcome(comparison.metric, now.lift)),
    };
}

/** The series a picture over time is drawn from: what could be said after each day. */
export function runningLooks(plan: ExperimentPlan, book: MomentsBook, metric: Metric, variant: string): Look[] {
    const looks = looksOf(plan, book, metric, variant);
    return looks.flatMap((look, index) => {
        const running = runningTest(looks.slice(0, index + 1), anytimePlanOf(plan));
        if (running.interval === undefined) return [];
        const { lower: low, upper: high } = running.interval;
        const { exposedOn, units } = look;
        return [{ exposedOn, units, difference: look.contrast.difference, low, high, pValue: running.pValue }];
    });
}

function looksOf(plan: ExperimentPlan, book: MomentsBook, metric: Metric, variant: string): DayLook[] {
    const days = mergeDays(book, metric.name, plan.control, variant);
    let [control, treatment] = [NO_JOINT_MOMENTS, NO_JOINT_MOMENTS];
    return days.flatMap(({ exposedOn, arms }) => {
        control = mergeJointMoments(control, arms[0]);
        treatment = mergeJointMoments(treatment, arms[1]);
        if (Math.min(control.count, treatment.count) < plan.firstLookUnitsPerArm) return [];
        const effect = effectOf(
            metric,
            { variant: plan.control, moments: control },
            { variant, moments: treatment },
            plan.alpha,
        );
        if (effect.status !== 'ok') return [];
        return [{ exposedOn, contrast: effect.contrast, units: control.count + treatment.count }];
    });
}

function mergeDays(book: MomentsBook, metric: string, control: string, treatment: string) {
    const days = new Map<IsoDate, [JointMoments, JointMoments]>();
    [control, treatment].forEach((variant, arm) => {
        for (const { exposedOn, moments } of book.daily({ metric, variant })) {
            const arms = days.get(exposedOn) ?? [NO_JOINT_MOMENTS, NO_JOINT_MOMENTS];
            arms[arm] = moments;
            days.set(exposedOn, arms);
        }
    });
    return [...days].sort(([a], [b]) => (a < b ? -1 : 1)).map(([exposedOn, arms]) => ({ exposedOn, arms }));
}

function runningLift(metric: Metric, lift: Interval | undefined, now: Outcome<Estimate>): Outcome<Estimate> {
    if (now.status !== 'ok') return now;
    return lift === undefined ? missingBecause('unbounded', metric, []) : { status: 'ok', ...around(now.value, lift) };
}

function around(value: number, { lower, upper }: Interval): Estimate {
    return { value, low: lower, high: upper };
}
