import { bonferroniLevel } from '#stats/multiplicity.ts';
import { addAnytime, anytimeNow, followLooks, type Looks, lookSeries } from './anytime.ts';
import { compareArms } from './compare.ts';
import { detectableChange, powerAtLift } from './detectable.ts';
import type { ArmCount, Comparison, ExperimentAnalysis, FunnelStep, TrustCheck } from './document.ts';
import { adjustGoals } from './goals.ts';
import { readGuardrail } from './guardrails.ts';
import { FUNNEL_STEPS, METRIC_NAMES, metricOf } from './metrics.ts';
import { inputMoments, type MomentsBook, openBook } from './moments.ts';
import type { ExperimentPlan } from './plan.ts';
import { defaultPlan, treatmentsOf } from './plan.ts';
import { capsOf } from './readings/capped.ts';
import { chancesOf } from './readings/chances.ts';
import type { OverTime, QuantileReading } from './readings/document.ts';
import { impactOf } from './readings/impact.ts';
import { logisticReadings } from './readings/logistic.ts';
import { noveltyOf } from './readings/novelty.ts';
import { quantileReadings } from './readings/quantiles.ts';
import { reachOf } from './readings/reach.ts';
import { readGoals } from './readings/readings.ts';
import type { BeforeRow, CappedRow, CellRow, ValueRow } from './readings/rows.ts';
import { sampleRatioOverTime } from './readings/sample-ratio-over-time.ts';
import type { ExposureRow, MomentsRow } from './rows.ts';
import { testSampleRatios } from './sample-ratio.ts';
import { analyseSegments } from './segments.ts';
import { intervalsOf, isPlannedSizeReached } from './shown.ts';
import { checkTrust, exposureFlags } from './trust.ts';
import { checkBefore, checkTime } from './trust-over-time.ts';
import { decide } from './verdict.ts';
import { ANALYSIS_FORMAT, STATISTICS } from './version.ts';

/** Everything known about one experiment. */
export interface ExperimentInputs {
    readonly experimentId: string;
    readonly moments: readonly MomentsRow[];
    readonly exposures: readonly ExposureRow[];
    /** What users did before exposure, for covariates. */
    readonly before?: readonly BeforeRow[] | undefined;
    /** Cells for regressions of buying. */
    readonly cells?: readonly CellRow[] | undefined;
    /** How values spread, for caps and quantiles. */
    readonly values?: readonly ValueRow[] | undefined;
    /** Goals whose largest values were lowered by whoever read the units; instead of `values`. */
    readonly capped?: readonly CappedRow[] | undefined;
    /** Quantiles read from the units themselves; instead of those of `values`. */
    readonly quantiles?: readonly QuantileReading[] | undefined;
    /** What was declared; without it the defaults apply. */
    readonly plan?: ExperimentPlan | undefined;
    /** What whoever read the units found worth saying, beside the checks made here. */
    readonly checks?: readonly TrustCheck[] | undefined;
}

/**
 * From moments to decision. Rows of other experiments are left out. Whatever is missing (users, arms,
 * conversions) the answer is a document that says what cannot be concluded and why; it never throws for data.
 */
export function analyseExperiment(inputs: ExperimentInputs): ExperimentAnalysis {
    const { experimentId } = inputs;
    const moments = inputs.moments.filter((row) => row.experimentId === experimentId);
    const exposures = inputs.exposures.filter((row) => row.experimentId === experimentId);
    const plan = resolvePlan(experimentId, inputs.plan, exposures, moments);
    const book = openBook(moments);
    const exposure = exposureFlags(exposures);
    const sampleRatios = testSampleRatios(plan, exposures);
    const period = periodOf(exposures);
    const ratioOverTime = sampleRatioOverTime(plan, exposures);
    const before = (inputs.before ?? []).filter((row) => row.experimentId === experimentId);
    const values = (inputs.values ?? []).filter((row) => row.experimentId === experimentId);
    const cells = (inputs.cells ?? []).filter((row) => row.experimentId === experimentId);
    const capped = inputs.capped ?? [];
    const trust = [
        ...checkTrust(plan, exposures, sampleRatios),
        ...checkTime(plan, ratioOverTime, period, exposure.units),
        ...checkBefore(plan, before),
        ...(inputs.checks ?? []),
    ];
    const reached = isPlannedSizeReached(plan, exposure.units);
    const intervals = intervalsOf(plan, exposure.units);
    const shown = { ...plan, alpha: intervals.alpha };
    const looks = looksOnce(plan, book);
    const compared = compareAll(shown, book, plan.goals);
    const together = { ...plan, alpha: bonferroniLevel(intervals.alpha, compared.length) };
    const goals = adjustGoals(
        compared.map((goal) => withLooks(plan, book, goal, looks(goal))),
        plan.goals[0],
        compareAll(together, book, plan.goals).map(({ metric, treatment, difference }) => ({
            adjustedDifference: difference,
            powerAtMinimumLift: plannedPower(plan, book, metric.name, treatment.variant),
        })),
    );
    const guardrails = compareGuardrails(plan, book, reached);
    const segments = analyseSegments(shown, book);
    const named = new Set([...plan.goals, ...plan.guardrails.map((one) => one.metric), ...FUNNEL_STEPS]);
    const others = [...METRIC_NAMES, ...[...book.metrics].sort()].filter((name) => book.metrics.has(name));
    const metrics = [...new Set(others)];
    return {
        format: ANALYSIS_FORMAT,
        statistics: STATISTICS,
        experimentId,
        plan,
        period,
        arms: countArms(plan, exposures),
        verdict: decide({ plan, units: exposure.units, trust, goals, guardrails, segments }),
        intervals,
        trust,
        sampleRatios,
        exposure,
        goals,
        guardrails,
        secondary: compareAll(
            shown,
            book,
            metrics.filter((name) => !named.has(name)),
        ),
        funnel: funnelOf(shown, book),
        segments,
        overTime: overTimeOf(plan, goals, looks),
        sampleRatioOverTime: ratioOverTime,
        readings: readGoals({ plan: shown, kind: intervals.kind, book, before, values, capped }, goals),
        chances: chancesOf(plan, book, goals),
        novelty: noveltyOf(shown, intervals.kind, book, goals),
        impact: impactOf(goals, intervals.kind, period, exposure.units),
        reach: goals
            .filter(({ primary }) => primary)
            .flatMap(({ metric, treatment: { variant } }) => {
                const reach = reachOf(
                    plan,
                    metric,
                    armOf(book, metric.name, plan.control),
                    armOf(book, metric.name, variant),
                );
                return reach === null ? [] : [reach];
            }),
        diagnostics: {
            logistic: logisticReadings(plan, cells),
            quantiles: inputs.quantiles ?? quantileReadings(plan, values),
            caps: capsOf(
                plan,
                { values, capped },
                [...new Set(goals.map(({ metric }) => metric.name))].map((name) => metricOf(plan, name)),
            ),
        },
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
    moments: readonly MomentsRow[] = [],
): ExperimentPlan {
    const found = [...new Set(exposures.filter((row) => row.units > 0).map((row) => row.variant))].sort();
    const plan = declared ?? defaultPlan(experimentId, found, measuredErrors(moments));
    const planned = new Set(plan.arms.map((arm) => arm.variant));
    const leaked = found.filter((variant) => !planned.has(variant)).map((variant) => ({ variant, weight: 0 }));
    return { ...plan, arms: [...plan.arms, ...leaked] };
}

/** A shop whose events never tell of an error measures none: no error in either arm is no proof of anything. */
function measuredErrors(moments: readonly MomentsRow[]): boolean {
    return moments.some(({ metric, meanNumerator }) => metric === 'error_rate' && meanNumerator > 0);
}

function plannedPower(plan: ExperimentPlan, book: MomentsBook, name: string, variant: string): number | null {
    const { minimumLift: lift, alpha } = plan;
    if (lift === null) return null;
    const metric = metricOf(plan, name, book.hasDenominator(name));
    return powerAtLift(metric, armOf(book, name, plan.control), armOf(book, name, variant), { alpha, lift });
}

function compareAll(plan: ExperimentPlan, book: MomentsBook, metrics: readonly string[]): Comparison[] {
    return metrics.flatMap((name) => {
        const metric = metricOf(plan, name, book.hasDenominator(name));
        return treatmentsOf(plan).map((variant) => {
            const [control, treatment] = [armOf(book, name, plan.control), armOf(book, name, variant)];
            return {
                ...compareArms(metric, control, treatment, plan.alpha),
                ...anytimeNow(plan, metric, control, treatment),
            };
        });
    });
}

/** Goals get what only they need: looks over time, and what they could have found. */
function withLooks(plan: ExperimentPlan, book: MomentsBook, goal: Comparison, looks: Looks): Comparison {
    const arm = (variant: string) => armOf(book, goal.metric.name, variant);
    const [control, treatment] = [arm(plan.control), arm(goal.treatment.variant)];
    const target = { alpha: plan.alpha, power: plan.power };
    return {
        ...addAnytime(plan, looks, goal),
        detectable: detectableChange(goal.metric, control, treatment, target),
    };
}

/** A comparison's looks are followed once, for its test and for the picture. */
function looksOnce(plan: ExperimentPlan, book: MomentsBook): (goal: Comparison) => Looks {
    const followed = new Map<string, Looks>();
    return ({ metric, treatment }) => {
        const key = JSON.stringify([metric.name, treatment.variant]);
        const looks = followed.get(key) ?? followLooks(plan, book, metric, treatment.variant);
        followed.set(key, looks);
        return looks;
    };
}

function overTimeOf(
    plan: ExperimentPlan,
    goals: readonly Comparison[],
    looks: (goal: Comparison) => Looks,
): OverTime[] {
    return goals
        .filter(({ metric }) => metric.name === plan.goals[0])
        .map((goal) => ({ metric: goal.metric, variant: goal.treatment.variant, looks: lookSeries(looks(goal)) }));
}

function compareGuardrails(plan: ExperimentPlan, book: MomentsBook, isSizeReached: boolean) {
    return plan.guardrails.flatMap((planned) => {
        const metric = metricOf(plan, planned.metric, book.hasDenominator(planned.metric));
        return treatmentsOf(plan).map((variant) => {
            const arms = {
                metric,
                control: armOf(book, planned.metric, plan.control),
                treatment: armOf(book, planned.metric, variant),
            };
            return readGuardrail(plan, planned, arms, isSizeReached);
        });
    });
}

function funnelOf(plan: ExperimentPlan, book: MomentsBook): FunnelStep[] {
    return FUNNEL_STEPS.filter((name) => book.metrics.has(name)).flatMap((name) => {
        const comparisons = compareAll(plan, book, [name]);
        return comparisons.length === 0 ? [] : [{ name, label: metricOf(plan, name).label, comparisons }];
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
        .filter((row) => row.dimension === 'all' && row.units > 0 && row.exposedOn !== '')
        .map((row) => row.exposedOn)
        .sort();
    const [from, to] = [days[0] ?? null, days.at(-1) ?? null];
    if (from === null || to === null) return { from: null, to: null, days: 0 };
    return { from, to, days: Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000) + 1 };
}
