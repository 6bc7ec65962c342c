import { type AnytimePlan, type AnytimeTest, anytimeTest, type Look as StatsLook } from '#stats/anytime.ts';
import type { Interval } from '#stats/interval.ts';
import type { JointMoments } from '#stats/joint-moments.ts';
import { mergeJointMoments, NO_JOINT_MOMENTS } from '#stats/joint-moments.ts';
import type { IsoDate } from '../types.ts';
import { type ArmMoments, effectOf } from './compare.ts';
import type { AnytimeResult, Comparison, Estimate, Missing, Outcome } from './document.ts';
import type { Metric } from './metrics.ts';
import type { MomentsBook } from './moments.ts';
import { liftOutcome, missing, missingBecause } from './outcome.ts';
import type { ExperimentPlan } from './plan.ts';
import type { Look } from './readings/document.ts';

/** The state of one comparison after the exposures of a day and all before it. */
interface DayLook extends StatsLook {
    readonly exposedOn: IsoDate;
}

/** What may be said after a day: its own test, and what all tests so far leave. */
interface RunningLook {
    readonly look: DayLook;
    readonly test: AnytimeTest;
    /** Smallest so far: evidence once found stays found. */
    readonly pValue: number;
    /** Where all intervals so far overlap; undefined once they do not. */
    readonly interval: Interval | undefined;
    /** The same for the lift, over the looks at which it was bounded; null before the first of them. */
    readonly lift: Interval | undefined | null;
}

/** All looks at one comparison, followed once. */
export interface Looks {
    readonly running: readonly RunningLook[];
    /** Why the last look has no test, when there were looks. */
    readonly trouble: Outcome<object> | undefined;
}

/** What is fixed before the start and makes the sequence of looks valid. */
export function anytimePlanOf(plan: ExperimentPlan): AnytimePlan {
    return { alpha: plan.alpha, plannedUnits: plan.anytimeTuningUnits };
}

/**
 * Looks after each day's newly exposed users, from the day on which both arms have the plan's minimum. Each look is
 * tested once and the running values are carried along: a year costs a year, not its square.
 */
export function followLooks(plan: ExperimentPlan, book: MomentsBook, metric: Metric, variant: string): Looks {
    const anytimePlan = anytimePlanOf(plan);
    const running: RunningLook[] = [];
    let trouble: Looks['trouble'];
    for (const look of looksOf(plan, book, metric, variant)) {
        const test = anytimeTest(look, anytimePlan);
        trouble = test.status === 'ok' ? undefined : missingBecause(test.status, metric, []);
        if (test.status !== 'ok') continue;
        const before = running.at(-1);
        const liftBefore = before === undefined ? null : before.lift;
        const lift = test.lift.status === 'ok' ? test.lift : undefined;
        running.push({
            look,
            test,
            pValue: Math.min(before?.pValue ?? 1, test.pValue),
            interval: before === undefined ? test.interval : overlap(before.interval, test.interval),
            lift: lift === undefined ? liftBefore : liftBefore === null ? lift : overlap(liftBefore, lift),
        });
    }
    return { running, trouble };
}

/** The comparison with its anytime-valid interval and p-value. */
export function addAnytime(plan: ExperimentPlan, { running, trouble }: Looks, comparison: Comparison): Comparison {
    if (plan.looks.kind === 'once') {
        return { ...comparison, anytime: ONE_LOOK, anytimeLift: ONE_LOOK };
    }
    const last = running.at(-1);
    if (last === undefined || trouble !== undefined) {
        const why = trouble === undefined || trouble.status === 'ok' ? tooFew(plan.firstLookUnitsPerArm) : trouble;
        return { ...comparison, anytime: why, anytimeLift: why };
    }
    const { look, test, pValue } = last;
    return {
        ...comparison,
        anytime: {
            status: 'ok',
            ...around(look.contrast.difference, last.interval ?? test.interval),
            pValue,
            looks: running.length,
        } satisfies Outcome<AnytimeResult>,
        anytimeLift: runningLift(comparison.metric, last.lift, liftOutcome(comparison.metric, test.lift)),
    };
}

/**
 * The any-time interval of a comparison nobody followed day by day: the one of this look alone, from `minimum` units in
 * each arm on.
 */
export function anytimeNow(
    plan: ExperimentPlan,
    metric: Metric,
    control: ArmMoments,
    treatment: ArmMoments,
    minimum = plan.firstLookUnitsPerArm,
): Pick<Comparison, 'anytime' | 'anytimeLift'> {
    const none = (why: Missing) => ({ anytime: why, anytimeLift: why });
    if (plan.looks.kind === 'once') return none(ONE_LOOK);
    const effect = effectOf(metric, control, treatment, plan.alpha);
    if (effect.status !== 'ok') return none(effect);
    const [c, t] = [control.moments.count, treatment.moments.count];
    if (Math.min(c, t) < minimum) return none(tooFew(minimum));
    const test = anytimeTest({ contrast: effect.contrast, units: c + t }, anytimePlanOf(plan));
    if (test.status !== 'ok') return none(missingBecause(test.status, metric, [c, t]));
    const { interval, pValue, lift } = test;
    return {
        anytime: { status: 'ok', ...around(effect.contrast.difference, interval), pValue, looks: 1 },
        anytimeLift: liftOutcome(metric, lift),
    };
}

const ONE_LOOK = missing('not_applicable', 'All data are there and looked at once.');

const tooFew = (minimum: number) => missing('too_few_units', `Begins when both arms have ${minimum} users.`);

/** The series a picture over time is drawn from: what could be said after each day. */
export function lookSeries({ running }: Looks): Look[] {
    return running.flatMap(({ look, interval, pValue }) => {
        if (interval === undefined) return [];
        const { exposedOn, units } = look;
        const { lower: low, upper: high } = interval;
        return [{ exposedOn, units, difference: look.contrast.difference, low, high, pValue }];
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
            arms[arm] = mergeJointMoments(arms[arm]!, moments);
            days.set(exposedOn, arms);
        }
    });
    return [...days].sort(([a], [b]) => (a < b ? -1 : 1)).map(([exposedOn, arms]) => ({ exposedOn, arms }));
}

function overlap(a: Interval | undefined, b: Interval): Interval | undefined {
    if (a === undefined) return undefined;
    const [lower, upper] = [Math.max(a.lower, b.lower), Math.min(a.upper, b.upper)];
    return lower <= upper ? { lower, upper } : undefined;
}

function runningLift(metric: Metric, lift: Interval | undefined | null, now: Outcome<Estimate>): Outcome<Estimate> {
    if (now.status !== 'ok') return now;
    return lift ? { status: 'ok', ...around(now.value, lift) } : missingBecause('unbounded', metric, []);
}

function around(value: number, { lower, upper }: Interval): Estimate {
    return { value, low: lower, high: upper };
}
