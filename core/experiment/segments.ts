import { gailSimon, type HeterogeneityResult, heterogeneity, type SegmentEffect } from '#stats/interaction.ts';
import { intervalAround } from '#stats/interval.ts';
import { holm } from '#stats/multiplicity.ts';
import { normalCritical } from '#stats/numerics/normal.ts';
import { anytimeNow } from './anytime.ts';
import { type ArmMoments, compareArms, effectOf } from './compare.ts';
import type { Comparison, DimensionAnalysis, Outcome, SegmentRow, SegmentUse } from './document.ts';
import type { Metric } from './metrics.ts';
import { metricOf } from './metrics.ts';
import type { MomentsBook } from './moments.ts';
import { missing } from './outcome.ts';
import type { ExperimentPlan } from './plan.ts';
import { treatmentsOf } from './plan.ts';
import { interactionSentence } from './sentences.ts';

/** One segment with what the tests of its dimension need. */
interface MeasuredSegment {
    readonly segment: string;
    readonly comparison: Comparison;
    readonly use: SegmentUse;
    readonly effect: SegmentEffect | undefined;
}

/** What is tested and how it is called. */
interface Subject {
    readonly plan: ExperimentPlan;
    readonly metric: Metric;
    readonly variant: string;
    readonly dimension: string;
}

/** The primary goal by segment: one analysis a dimension and treatment arm, p-values adjusted over all of them. */
export function analyseSegments(plan: ExperimentPlan, book: MomentsBook): DimensionAnalysis[] {
    const primary = plan.goals[0];
    if (primary === undefined) return [];
    const metric = metricOf(plan, primary, book.hasDenominator(primary));
    const subjects = treatmentsOf(plan).flatMap((variant) =>
        plan.segments
            .filter((dimension) => book.segmentsOf(dimension).length > 0)
            .map((dimension) => ({ plan, metric, variant, dimension })),
    );
    return adjustInteractions(
        subjects.map((subject) => analyseDimension(subject, measureSegments(subject, book))),
        plan.alpha,
    );
}

function measureSegments({ plan, metric, variant, dimension }: Subject, book: MomentsBook): MeasuredSegment[] {
    return book.segmentsOf(dimension).map((segment) => {
        const arm = (name: string): ArmMoments => ({
            variant: name,
            moments: book.pooled({ metric: metric.name, variant: name, dimension, segment }),
        });
        const [control, treatment] = [arm(plan.control), arm(variant)];
        const comparison = {
            ...compareArms(metric, control, treatment, plan.alpha),
            ...anytimeNow(plan, metric, control, treatment, plan.minimumSegmentUnits),
        };
        const outcome = effectOf(metric, control, treatment, plan.alpha);
        const effect =
            outcome.status === 'ok'
                ? { difference: outcome.contrast.difference, variance: outcome.contrast.differenceVariance }
                : undefined;
        return { segment, comparison, effect, use: useOf(plan, comparison, effect) };
    });
}

function useOf(plan: ExperimentPlan, comparison: Comparison, effect: SegmentEffect | undefined): SegmentUse {
    const { control, treatment, flags } = comparison;
    if (Math.min(control.units, treatment.units) < plan.minimumSegmentUnits) return 'too_few_units';
    if (effect === undefined || effect.variance === 0) return 'no_result';
    return flags.includes('low_counts') ? 'too_few_conversions' : 'tested';
}

function analyseDimension(subject: Subject, measured: readonly MeasuredSegment[]): DimensionAnalysis {
    const { plan, metric, variant, dimension } = subject;
    const tested = measured.filter(({ use }) => use === 'tested');
    const effects = tested.map(({ effect }) => effect!);
    const spread = heterogeneity(effects);
    const crossover = gailSimon(effects);
    const why = missing('too_few_units', 'Fewer than two segments have enough users and outcomes to be compared.');
    const rows = measured.map(({ segment, comparison, use }): SegmentRow => {
        const index = tested.findIndex((one) => one.segment === segment);
        const shrunken = spread.status === 'ok' && index >= 0 ? spread.shrunken[index]! : null;
        return { segment, comparison, use, shrunken };
    });
    return {
        dimension,
        label: dimension.replaceAll('_', ' '),
        variant,
        metric,
        rows,
        pooled: pooledOf(spread, plan.alpha) ?? why,
        interaction:
            spread.status === 'ok'
                ? {
                      status: 'ok',
                      statistic: spread.q,
                      degreesOfFreedom: spread.degreesOfFreedom,
                      pValue: spread.pValue,
                      adjustedPValue: spread.pValue,
                      iSquared: spread.iSquared,
                  }
                : why,
        crossover:
            crossover.status === 'ok'
                ? { status: 'ok', statistic: crossover.statistic, pValue: crossover.pValue }
                : why,
        sentence: '',
    };
}

function pooledOf(
    spread: HeterogeneityResult,
    alpha: number,
): Outcome<{ value: number; low: number; high: number }> | undefined {
    if (spread.status !== 'ok') return undefined;
    const { difference, variance } = spread.pooled;
    const { lower, upper } = intervalAround(difference, normalCritical(alpha) * Math.sqrt(variance));
    return { status: 'ok', value: difference, low: lower, high: upper };
}

/** Holm over all dimensions and arms; the sentence is made from the adjusted p-value. */
function adjustInteractions(analyses: readonly DimensionAnalysis[], alpha: number): DimensionAnalysis[] {
    const pValues = analyses.flatMap(({ interaction }) => (interaction.status === 'ok' ? [interaction.pValue] : []));
    const result = holm(pValues);
    const adjusted = result.status === 'ok' ? [...result.adjusted] : pValues;
    return analyses.map((analysis) => {
        const { interaction: own, label, rows } = analysis;
        const interaction = own.status === 'ok' ? { ...own, adjustedPValue: adjusted.shift()! } : own;
        const names = rows.filter(({ use }) => use === 'tested').map(({ segment }) => segment);
        return { ...analysis, interaction, sentence: interactionSentence(interaction, label, names, alpha) };
    });
}
