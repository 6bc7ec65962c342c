import { compareArms } from './compare.ts';
import type { DimensionAnalysis, SegmentRow } from './document.ts';
import { describeMetric } from './metrics.ts';
import type { MomentsBook } from './moments.ts';
import { missing } from './outcome.ts';
import type { ExperimentPlan } from './plan.ts';
import { treatmentsOf } from './plan.ts';
import { interactionSentence } from './sentences.ts';

export function analyseSegments(plan: ExperimentPlan, book: MomentsBook): DimensionAnalysis[] {
    const primary = plan.goals[0];
    if (primary === undefined) return [];
    const metric = describeMetric(primary, book.hasDenominator(primary));
    return treatmentsOf(plan).flatMap((variant) =>
        plan.segments.map((dimension) => {
            const rows: SegmentRow[] = book.segmentsOf(dimension).map((segment) => {
                const arm = (v: string) => ({
                    variant: v,
                    moments: book.pooled({ metric: primary, variant: v, dimension, segment }),
                });
                const comparison = compareArms(metric, arm(plan.control), arm(variant), plan.alpha);
                return {
                    segment,
                    comparison,
                    shrunken: null,
                    tooSmall: Math.min(comparison.control.units, comparison.treatment.units) < plan.minimumSegmentUnits,
                };
            });
            const interaction = missing('not_applicable', 'later');
            return {
                dimension,
                label: dimension.replaceAll('_', ' '),
                variant,
                metric,
                rows,
                pooled: interaction,
                interaction,
                crossover: interaction,
                sentence: interactionSentence(interaction, dimension, [], plan.alpha),
            };
        }),
    );
}
