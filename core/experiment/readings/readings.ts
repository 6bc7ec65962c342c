import { cupedComparison } from '#stats/cuped.ts';
import { type JointMoments, marginalY, mergeJointMoments, NO_JOINT_MOMENTS } from '#stats/joint-moments.ts';
import { postStratifiedComparison } from '#stats/post-stratification.ts';
import { compareMeans } from '#stats/welch.ts';
import type { Comparison, GoalComparison, IntervalKind } from '../document.ts';
import { formatCount, formatShare, formatValue } from '../format.ts';
import type { Metric } from '../metrics.ts';
import type { MomentsBook } from '../moments.ts';
import { missing, missingBecause } from '../outcome.ts';
import { type ExperimentPlan, treatmentsOf } from '../plan.ts';
import { shownOf } from '../shown.ts';
import { cappedMoments, distributionOf, quantileOf } from './distribution.ts';
import type { CapReading, GoalReadings, Reading } from './document.ts';
import { outcomeOf, readingOf } from './reading-of.ts';
import type { BeforeRow, ValueRow } from './rows.ts';

/** What the readings beside the raw one are made from. */
export interface ReadingInputs {
    readonly plan: ExperimentPlan;
    /** Which intervals may be read now. */
    readonly kind: IntervalKind;
    readonly book: MomentsBook;
    readonly before: readonly BeforeRow[];
    readonly values: readonly ValueRow[];
}

/** Every goal in all its readings, so that a reader sees whether the answer depends on the method. */
export function readGoals(inputs: ReadingInputs, goals: readonly GoalComparison[]): GoalReadings[] {
    return goals
        .filter(({ metric }) => metric.kind !== 'ratio')
        .map((goal) => {
            const others = [cuped(inputs, goal), postStratified(inputs, goal), winsorised(inputs, goal)];
            return {
                metric: goal.metric,
                variant: goal.treatment.variant,
                readings: [raw(goal, inputs.kind), ...others.filter((reading) => reading !== undefined)],
            };
        });
}

/** The joint moments of a metric and its covariate, over all days. */
export function beforeMoments(rows: readonly BeforeRow[], metric: string, variant: string): JointMoments {
    return rows
        .filter((row) => row.metric === metric && row.variant === variant)
        .reduce((sum, row) => mergeJointMoments(sum, row.moments), NO_JOINT_MOMENTS);
}

/** The share of the largest values that is cut, by metric; money counts among buyers alone. */
const CAPS: Readonly<Record<string, { quantile: number; ignoreZeros: boolean; scale: number }>> = {
    revenue: { quantile: 0.99, ignoreZeros: true, scale: 100 },
    events_per_user: { quantile: 0.999, ignoreZeros: false, scale: 1 },
};

/** One cap a metric, from the values of all arms together: a cap an arm would remove part of the effect. */
export function capsOf(plan: ExperimentPlan, values: readonly ValueRow[], metrics: readonly Metric[]): CapReading[] {
    const variants = plan.arms.map((arm) => arm.variant);
    return metrics.flatMap((metric) => {
        const rule = CAPS[metric.name];
        if (rule === undefined) return [];
        const all = distributionOf(values, metric.name, variants);
        const counted = rule.ignoreZeros ? all.buckets.filter(({ highest }) => highest !== 0) : all.buckets;
        const units = counted.reduce((sum, bucket) => sum + bucket.units, 0);
        const cap = quantileOf({ units, buckets: counted }, rule.quantile);
        if (cap === undefined) return [];
        const capped = variants.map((variant) => ({
            variant,
            units: cappedMoments(distributionOf(values, metric.name, [variant]), cap).capped,
        }));
        return [{ metric, quantile: rule.quantile, cap: cap / rule.scale, capped }];
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

function cuped(inputs: ReadingInputs, { metric, treatment }: GoalComparison): Reading | undefined {
    const { plan, before } = inputs;
    if (!plan.covariates.includes(metric.name)) return undefined;
    const [control, treated] = [plan.control, treatment.variant].map((arm) => beforeMoments(before, metric.name, arm));
    if (control!.count + treated!.count === 0) return undefined;
    const tests = plan.covariates.length * treatmentsOf(plan).length;
    const found = cupedComparison(control!, treated!, { alpha: plan.alpha, tests });
    const kind = 'cuped';
    if (found.status !== 'ok') {
        const why =
            found.status === 'zero_covariate_variance'
                ? missing(
                      'no_variation',
                      'Nobody has any of it in the 30 days before exposure, so there is nothing to adjust for.',
                  )
                : missingBecause(found.status, metric, [control!.count, treated!.count]);
        return { kind, outcome: why, varianceReduction: null, note: why.why, flags: [] };
    }
    return {
        kind,
        outcome: outcomeOf(inputs, metric, found, control!.count + treated!.count),
        varianceReduction: found.varianceReduction,
        note: `The 30 days before exposure explain ${formatShare(found.correlation ** 2)} of the spread (slope ${found.theta.control.toPrecision(3)}).`,
        flags: found.warnings,
    };
}

function postStratified(inputs: ReadingInputs, goal: GoalComparison): Reading | undefined {
    const { plan, book } = inputs;
    const { metric, treatment } = goal;
    const dimension = plan.segments.find((name) => book.segmentsOf(name).length > 1);
    if (dimension === undefined) return undefined;
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

function winsorised(inputs: ReadingInputs, goal: GoalComparison): Reading | undefined {
    const { plan, values } = inputs;
    const { metric, treatment } = goal;
    const [found] = capsOf(plan, values, [metric]);
    const rule = CAPS[metric.name];
    if (found === undefined || rule === undefined) return undefined;
    const arm = (variant: string, cap: number) => {
        const { moments } = cappedMoments(distributionOf(values, metric.name, [variant]), cap * rule.scale);
        return { ...moments, mean: moments.mean / rule.scale, m2: moments.m2 / rule.scale ** 2 };
    };
    const compared = (cap: number) => compareMeans(arm(plan.control, cap), arm(treatment.variant, cap), plan.alpha);
    const capped = found.capped.map(({ variant, units }) => `${formatCount(units)} in ${variant}`).join(', ');
    return {
        kind: 'winsorised',
        ...readingOf(inputs, goal, compared(Number.POSITIVE_INFINITY), compared(found.cap)),
        note: `Values above ${formatValue(metric.unit, found.cap, plan.currency)} lowered to it: ${capped}.`,
    };
}
