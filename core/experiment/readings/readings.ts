import { marginalY } from '#stats/joint-moments.ts';
import { postStratifiedComparison } from '#stats/post-stratification.ts';
import { compareMeans } from '#stats/welch.ts';
import type { Comparison, GoalComparison, IntervalKind } from '../document.ts';
import type { MomentsBook } from '../moments.ts';
import { shownOf } from '../shown.ts';
import { cappedReading } from './capped.ts';
import { cupedReading } from './cuped.ts';
import type { GoalReadings, Reading } from './document.ts';
import { type ReadingTerms, readingOf } from './reading-of.ts';
import type { BeforeRow, CappedRow, ValueRow } from './rows.ts';

/** What the readings beside the raw one are made from. */
export interface ReadingInputs extends ReadingTerms {
    readonly book: MomentsBook;
    readonly before: readonly BeforeRow[];
    readonly values: readonly ValueRow[];
    readonly capped: readonly CappedRow[];
}

/** Every goal in all its readings, so that a reader sees whether the answer depends on the method. */
export function readGoals(inputs: ReadingInputs, goals: readonly GoalComparison[]): GoalReadings[] {
    const { before, values, capped, book } = inputs;
    const moments = (metric: string, variant: string) => book.pooled({ metric, variant });
    return goals.map((goal) => {
        const others = [
            cupedReading(inputs, before, goal),
            postStratified(inputs, goal),
            cappedReading(inputs, { values, capped, moments }, goal),
        ];
        return {
            metric: goal.metric,
            variant: goal.treatment.variant,
            readings: [raw(goal, inputs.kind), ...others.filter((reading) => reading !== undefined)],
        };
    });
}

function raw(goal: Comparison, kind: IntervalKind): Reading {
    const { difference, lift, test } = shownOf(goal, kind);
    const outcome: Reading['outcome'] =
        difference.status !== 'ok'
            ? difference
            : test.status !== 'ok'
              ? test
              : { status: 'ok', difference, lift, pValue: test.pValue };
    return { kind: 'raw', outcome, varianceReduction: null, note: 'As in the table of goals.', flags: [] };
}

/** For shares and means: a ratio of sums over strata is no mean of the strata's ratios. */
function postStratified(inputs: ReadingInputs, goal: GoalComparison): Reading | undefined {
    const { plan, book } = inputs;
    const { metric, treatment } = goal;
    const dimension = plan.segments.find((name) => book.segmentsOf(name).length > 1);
    if (dimension === undefined || metric.kind === 'ratio') return undefined;
    const strata = book.segmentsOf(dimension).map((segment) => {
        const arm = (variant: string) => marginalY(book.pooled({ metric: metric.name, variant, dimension, segment }));
        return { control: arm(plan.control), treatment: arm(treatment.variant) };
    });
    const arm = (variant: string) => marginalY(book.pooled({ metric: metric.name, variant }));
    const whole = compareMeans(arm(plan.control), arm(treatment.variant), plan.alpha);
    const found = postStratifiedComparison(strata, plan.alpha);
    const note = `Segments of ${dimension.replaceAll('_', ' ')}, weighted by their share of all users.`;
    return { kind: 'post_stratified', ...readingOf(inputs, goal, whole, found), note };
}
