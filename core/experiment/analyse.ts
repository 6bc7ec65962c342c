import { anytimeCriticalOf, lookAtGoals } from './anytime.ts';
import { compareArms } from './compare.ts';
import type { ArmCount, Comparison, ExperimentAnalysis, FunnelStep } from './document.ts';
import { adjustGoals } from './goals.ts';
import { readGuardrail } from './guardrails.ts';
import { describeMetric, FUNNEL_STEPS, METRIC_NAMES } from './metrics.ts';
import { inputMoments, type MomentsBook, openBook } from './moments.ts';
import type { ExperimentPlan } from './plan.ts';
import { defaultPlan, treatmentsOf } from './plan.ts';
import type { ExposureRow, MomentsRow } from './rows.ts';
import { testSampleRatios } from './sample_ratio.ts';
import { analyseSegments } from './segments.ts';
import { checkTrust, exposureFlags } from './trust.ts';
import { decide, isPlannedSizeReached } from './verdict.ts';

/** Everything known about one experiment. */
export interface ExperimentInputs {
    readonly experimentId: string;
    readonly moments: readonly MomentsRow[];
    readonly exposures: readonly ExposureRow[];
    /** What was declared; without it the defaults apply. */
    readonly plan?: ExperimentPlan | undefined;
}

/**
 * From moments to decision. Rows of other experiments are left out. Whatever is missing (users, arms,
 * conversions) the answer is a document that says what cannot be concluded and why; it never throws for data.
 */
export function analyseExperiment(inputs: ExperimentInputs): ExperimentAnalysis {
    const { experimentId } = inputs;
    const moments = inputs.moments.filter((row) => row.experimentId === experimentId);
    const exposures = inputs.exposures.filter((row) => row.experimentId === experimentId);
    const plan = resolvePlan(experimentId, inputs.plan, exposures);
    const book = openBook(moments);
    const exposure = exposureFlags(exposures);
    const sampleRatios = testSampleRatios(plan, exposures);
    const trust = checkTrust(plan, exposures, sampleRatios);
    const reached = isPlannedSizeReached(plan, exposure.units);
    const { goals: looked, overTime } = lookAtGoals(plan, book, compareAll(plan, book, plan.goals));
    const goals = adjustGoals(looked, plan.goals[0]);
    const guardrails = compareGuardrails(plan, book, reached);
    const segments = analyseSegments(plan, book);
    const named = new Set([...plan.goals, ...plan.guardrails.map((one) => one.metric), ...FUNNEL_STEPS]);
    const others = [...METRIC_NAMES, ...[...book.metrics].sort()].filter((name) => book.metrics.has(name));
    const metrics = [...new Set(others)];
    return {
        format: 'cartlake.experiment/1',
        experimentId,
        plan,
        period: periodOf(exposures),
        arms: countArms(plan, exposures),
        verdict: decide({ plan, units: exposure.units, trust, goals, guardrails, segments }),
        trust,
        sampleRatios,
        exposure,
        goals,
        guardrails,
        secondary: compareAll(
            plan,
            book,
            metrics.filter((name) => !named.has(name)),
        ),
        funnel: funnelOf(plan, book),
        segments,
        overTime,
        inputs: inputMoments(
            book,
            metrics,
            plan.arms.map((arm) => arm.variant),
        ),
    };
}

/** The declared plan, or the default one; arms found in the data and not planned join with no traffic. */
export function resolvePlan(
    experimentId: string,
    declared: ExperimentPlan | undefined,
    exposures: readonly ExposureRow[],
): ExperimentPlan {
    const found = [...new Set(exposures.filter((row) => row.units > 0).map((row) => row.variant))].sort();
    const plan = declared ?? defaultPlan(experimentId, found);
    const planned = new Set(plan.arms.map((arm) => arm.variant));
    const leaked = found.filter((variant) => !planned.has(variant)).map((variant) => ({ variant, weight: 0 }));
    return { ...plan, arms: [...plan.arms, ...leaked] };
}

function compareAll(plan: ExperimentPlan, book: MomentsBook, metrics: readonly string[]): Comparison[] {
    return metrics.flatMap((name) => {
        const metric = describeMetric(name, book.hasDenominator(name));
        return treatmentsOf(plan).map((variant) =>
            compareArms(metric, armOf(book, name, plan.control), armOf(book, name, variant), plan.alpha),
        );
    });
}

function compareGuardrails(plan: ExperimentPlan, book: MomentsBook, reached: boolean) {
    return plan.guardrails.flatMap((planned) => {
        const metric = describeMetric(planned.metric, book.hasDenominator(planned.metric));
        return treatmentsOf(plan).map((variant) => {
            const control = armOf(book, planned.metric, plan.control);
            const treatment = armOf(book, planned.metric, variant);
            const units = control.moments.count + treatment.moments.count;
            return readGuardrail(compareArms(metric, control, treatment, plan.alpha), control, treatment, planned, {
                alpha: plan.alpha,
                anytimeCritical: reached ? null : anytimeCriticalOf(plan, units),
            });
        });
    });
}

function funnelOf(plan: ExperimentPlan, book: MomentsBook): FunnelStep[] {
    return FUNNEL_STEPS.filter((name) => book.metrics.has(name)).flatMap((name) => {
        const comparisons = compareAll(plan, book, [name]);
        return comparisons.length === 0 ? [] : [{ name, label: describeMetric(name).label, comparisons }];
    });
}

function armOf(book: MomentsBook, metric: string, variant: string) {
    return { variant, moments: book.pooled({ metric, variant }) };
}

function countArms(plan: ExperimentPlan, exposures: readonly ExposureRow[]): ArmCount[] {
    const weights = plan.arms.reduce((sum, arm) => sum + arm.weight, 0);
    const units = (variant: string) =>
        exposures
            .filter((row) => row.dimension === 'all' && row.variant === variant)
            .reduce((sum, row) => sum + row.units, 0);
    const total = plan.arms.reduce((sum, arm) => sum + units(arm.variant), 0);
    return plan.arms.map(({ variant, weight }) => ({
        variant,
        role: variant === plan.control ? 'control' : 'treatment',
        units: units(variant),
        plannedShare: weights === 0 ? 0 : weight / weights,
        share: total === 0 ? null : units(variant) / total,
    }));
}

function periodOf(exposures: readonly ExposureRow[]): ExperimentAnalysis['period'] {
    const days = exposures
        .filter((row) => row.dimension === 'all' && row.units > 0)
        .map((row) => row.exposedOn)
        .sort();
    const [from, to] = [days[0] ?? null, days.at(-1) ?? null];
    if (from === null || to === null) return { from: null, to: null, days: 0 };
    return { from, to, days: Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000) + 1 };
}
