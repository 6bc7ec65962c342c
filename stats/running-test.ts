import { type AnytimePlan, anytimeTest, type Look } from './anytime.ts';
import type { Interval } from './interval.ts';
import type { Lift } from './lift.ts';

/** What may be reported after a series of looks. */
export interface RunningTest {
    /** The smallest anytime p value so far: evidence once found stays found. */
    readonly pValue: number;
    /** Where all intervals so far overlap; undefined when they do not, which valid data very rarely do. */
    readonly interval: Interval | undefined;
    /** The same for the lift, over the looks at which it was bounded; undefined before the first of them. */
    readonly lift: Interval | undefined;
    /** Looks that had enough data to count. */
    readonly looks: number;
}

/**
 * The anytime-valid test over all looks so far, in time order. A look without data or variance is passed over.
 */
export function runningTest(looks: readonly Look[], plan: AnytimePlan): RunningTest {
    const tests = looks.map((look) => anytimeTest(look, plan)).filter((test) => test.status === 'ok');
    return {
        pValue: tests.reduce((smallest, test) => Math.min(smallest, test.pValue), 1),
        interval: intersection(tests.map((test) => test.interval)),
        lift: intersection(tests.map((test) => test.lift).filter(isBounded)),
        looks: tests.length,
    };
}

function isBounded(lift: Lift): lift is Extract<Lift, { status: 'ok' }> {
    return lift.status === 'ok';
}

function intersection(intervals: readonly Interval[]): Interval | undefined {
    const first = intervals[0];
    if (first === undefined) return undefined;
    const lower = intervals.reduce((most, interval) => Math.max(most, interval.lower), first.lower);
    const upper = intervals.reduce((least, interval) => Math.min(least, interval.upper), first.upper);
    return lower <= upper ? { lower, upper } : undefined;
}
