import { type JointMoments, marginalY } from '#stats/joint-moments.ts';
import type { Moments } from '#stats/moments.ts';
import { type ComparisonResult, compareMeans, compareRatios } from '#stats/welch.ts';
import type { GoalComparison } from '../document.ts';
import { formatCount, formatValue } from '../format.ts';
import type { Metric } from '../metrics.ts';
import type { ExperimentPlan } from '../plan.ts';
import { cappedMoments, distributionOf, quantileOf } from './distribution.ts';
import type { CapReading, Reading } from './document.ts';
import { type ReadingTerms, readingOf } from './reading-of.ts';
import type { CappedRow, ValueRow } from './rows.ts';

/** What capped readings are made from: values in buckets, or arms that were capped as they were read. */
export interface CapInputs {
    readonly values: readonly ValueRow[];
    readonly capped: readonly CappedRow[];
    /** The goal's own moments, not capped. */
    moments(metric: string, variant: string): JointMoments;
}

/** The share of the largest values that is cut, by metric; money counts among buyers alone. */
const CAPS: Readonly<Record<string, { quantile: number; ignoreZeros: boolean; scale: number }>> = {
    revenue: { quantile: 0.99, ignoreZeros: true, scale: 100 },
    events_per_user: { quantile: 0.999, ignoreZeros: false, scale: 1 },
};

/** One cap a metric, from the values of all arms together: a cap an arm would remove part of the effect. */
export function capsOf(
    plan: ExperimentPlan,
    { values, capped }: Pick<CapInputs, 'values' | 'capped'>,
    metrics: readonly Metric[],
): CapReading[] {
    const variants = plan.arms.map((arm) => arm.variant);
    return metrics.flatMap((metric) => {
        const read = capped.filter((row) => row.metric === metric.name);
        const units = (variant: string) => read.find((row) => row.variant === variant)?.capped ?? 0;
        const [first] = read;
        if (first !== undefined) {
            const { quantile, cap } = first;
            return [{ metric, quantile, cap, capped: variants.map((variant) => ({ variant, units: units(variant) })) }];
        }
        const rule = CAPS[metric.name];
        return rule === undefined ? [] : bucketCap(metric, rule, values, variants);
    });
}

/** A goal with its largest values lowered; undefined for a goal that has no cap. */
export function cappedReading(terms: ReadingTerms, inputs: CapInputs, goal: GoalComparison): Reading | undefined {
    const { plan } = terms;
    const { metric, treatment } = goal;
    const [found] = capsOf(plan, inputs, [metric]);
    if (found === undefined) return undefined;
    const rows = inputs.capped.filter((row) => row.metric === metric.name);
    const [whole, lowered] =
        rows.length > 0 ? readArms(terms, inputs, goal, rows) : bucketArms(terms, inputs, goal, found.cap);
    const capped = found.capped
        .filter(({ variant }) => variant === plan.control || variant === treatment.variant)
        .map(({ variant, units }) => `${formatCount(units)} in ${variant}`)
        .join(', ');
    const divisor = rows[0]?.denominatorCap ?? null;
    const limit =
        divisor === null
            ? formatValue(metric.unit, found.cap, plan.currency)
            : `${found.cap.toPrecision(6)} (${metric.divisor ?? 'divisor'}: ${divisor.toPrecision(6)})`;
    return {
        kind: 'winsorised',
        ...readingOf(terms, goal, whole, lowered),
        note: `Values above ${limit} lowered to it: ${capped}.`,
    };
}

function readArms({ plan }: ReadingTerms, { moments }: CapInputs, goal: GoalComparison, rows: readonly CappedRow[]) {
    const { metric, treatment } = goal;
    const arms = [plan.control, treatment.variant];
    const lowered = arms.map(
        (arm) => rows.find(({ variant }) => variant === arm)?.moments ?? moments(metric.name, arm),
    );
    const whole = arms.map((arm) => moments(metric.name, arm));
    const compare = ([control, treated]: readonly JointMoments[]): ComparisonResult =>
        metric.kind === 'ratio'
            ? compareRatios(control!, treated!, plan.alpha)
            : compareMeans(marginalY(control!), marginalY(treated!), plan.alpha);
    return [compare(whole), compare(lowered)] as const;
}

function bucketArms({ plan }: ReadingTerms, { values }: CapInputs, { metric, treatment }: GoalComparison, cap: number) {
    const { scale } = CAPS[metric.name]!;
    const arm = (variant: string, limit: number): Moments => {
        const { moments } = cappedMoments(distributionOf(values, metric.name, [variant]), limit * scale);
        return { ...moments, mean: moments.mean / scale, m2: moments.m2 / scale ** 2 };
    };
    const compared = (limit: number) =>
        compareMeans(arm(plan.control, limit), arm(treatment.variant, limit), plan.alpha);
    return [compared(Number.POSITIVE_INFINITY), compared(cap)] as const;
}

function bucketCap(
    metric: Metric,
    rule: { quantile: number; ignoreZeros: boolean; scale: number },
    values: readonly ValueRow[],
    variants: readonly string[],
): CapReading[] {
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
}
