import type {
    DimensionAnalysis,
    ExperimentAnalysis,
    GoalComparison,
    GuardrailComparison,
    IntervalKind,
} from './document.ts';
import {
    formatAbout,
    formatChange,
    formatChangeInterval,
    formatCount,
    formatLevel,
    formatLift,
    formatP,
    formatShare,
    formatValue,
} from './format.ts';
import type { ExperimentPlan } from './plan.ts';
import { shownOf } from './shown.ts';

/** A goal in one sentence with all its numbers, or the reason why it has none. */
export function goalSentence(
    goal: GoalComparison,
    { currency }: ExperimentPlan,
    { kind, alpha }: ExperimentAnalysis['intervals'],
): string {
    const { metric, control, treatment } = goal;
    const { difference, lift, test } = shownOf(goal, kind);
    if (difference.status !== 'ok') return `${metric.label} (${treatment.variant}): no result. ${difference.why}`;
    const [from, to] = [control, treatment].map(({ value, variant }) =>
        value.status === 'ok' ? `${formatValue(metric.unit, value.value, currency)} (${variant})` : variant,
    );
    const change = formatChange(metric.unit, difference.value, currency);
    const interval = `${formatLevel(alpha)} ${kind === 'fixed' ? '' : 'any-time '}interval ${formatChangeInterval(metric.unit, difference, currency)}`;
    const relative = lift.status === 'ok' ? `, ${formatLift(lift.value)} relative` : '';
    const p = test.status === 'ok' ? pWords(goal, kind) : test.why;
    return `${metric.label} ${from} to ${to}: ${change} (${interval})${relative}; ${p}`;
}

/** What size the plan asks for, and what is there. */
export function sizeSentence(plan: ExperimentPlan, units: number): string {
    if (plan.plannedUnits === null) {
        return (
            `${formatCount(units)} users so far and no size was planned, so the experiment can only end ` +
            `when the any-time p-value of every goal, adjusted, falls below ${plan.alpha}.`
        );
    }
    const missing = Math.max(0, plan.plannedUnits - units);
    return `${formatCount(units)} of ${formatCount(plan.plannedUnits)} planned users; ${formatCount(missing)} are missing.`;
}

/** What a test of this size can find at all. */
export function powerSentence({ metric, detectable }: GoalComparison): string[] {
    if (detectable.status !== 'ok') return [];
    const { absolute, relative } = detectable;
    const words = relative === null ? '' : ` (${formatLift(relative)} relative)`;
    return [
        `With this many users a true change in ${metric.label.toLowerCase()} of ${formatChange(metric.unit, absolute)}${words} ` +
            'would be found four times out of five; a smaller one would mostly stay unseen, so this is not evidence of no change.',
    ];
}

/** Why a guardrail stops or delays the decision. */
export function guardrailSentence(guardrail: GuardrailComparison): string {
    const { metric, treatment, verdict, margin, unitsMissing, nonInferiorityPValue, reading } = guardrail;
    const { lift } = shownOf(guardrail, reading);
    const name = `Guardrail ${metric.label.toLowerCase()}, ${treatment.variant}`;
    if (nonInferiorityPValue.status !== 'ok') return `${name}: inconclusive. ${nonInferiorityPValue.why}`;
    const change =
        lift.status === 'ok'
            ? `${formatLift(lift.value)} (${formatLift(lift.low)} to ${formatLift(lift.high)})`
            : 'unclear';
    const limit = `margin ${formatShare(margin)} worse`;
    switch (verdict) {
        case 'fail_beyond_margin':
            return `${name} is worse than its margin: ${change}, ${limit}.`;
        case 'fail_harm':
            return `${name} is measurably worse, and the margin cannot be excluded: ${change}, ${limit}.`;
        case 'pass_with_cost':
            return `${name} is worse, but by less than its margin: ${change}, ${limit}.`;
        case 'pass':
            return `${name} is shown not to be worse than its margin: ${change}, ${limit}.`;
        case 'inconclusive': {
            const more = unitsMissing === null ? '' : ` It needs ${formatAbout(unitsMissing)} more users.`;
            return `${name} is inconclusive: ${change}, ${limit}.${more}`;
        }
    }
}

/** Generated from the interaction test only: never from "significant here, not there". */
export function interactionSentence(
    interaction: DimensionAnalysis['interaction'],
    label: string,
    segments: readonly string[],
    alpha: number,
): string {
    if (interaction.status !== 'ok') return `Nothing can be said about differences by ${label}. ${interaction.why}`;
    const p = `p ${formatP(interaction.adjustedPValue)}`;
    // Segments called 0 and 1 say nothing without the name of their column.
    const named = segments.map((segment) =>
        /^(.{0,2}|true|false|yes|no)$/i.test(segment) ? `${label} ${segment}` : segment,
    );
    const between = named.length === 2 ? `between ${named.join(' and ')}` : `between ${label} segments`;
    return interaction.adjustedPValue < alpha
        ? `The effect differs ${between} (${p}, adjusted for all dimensions).`
        : `No evidence that the effect differs ${between} (${p}, adjusted for all dimensions).`;
}

/** The effect helps some segments and harms others. */
export function crossoverSentence(dimension: DimensionAnalysis): string {
    const p = dimension.crossover.status === 'ok' ? ` (p ${formatP(dimension.crossover.pValue)})` : '';
    return `${dimension.metric.label} improves in some ${dimension.label} segments and worsens in others${p}; look before deciding for all.`;
}

/** Before the planned size only the any-time p-value is worth a word. */
function pWords({ test, adjustedPValue, adjustedAnytimePValue }: GoalComparison, kind: IntervalKind): string {
    if (kind === 'anytime') {
        return adjustedAnytimePValue.status === 'ok' ? `any-time p ${formatP(adjustedAnytimePValue.pValue)}.` : '';
    }
    const adjusted = adjustedPValue.status === 'ok' ? `, adjusted ${formatP(adjustedPValue.pValue)}` : '';
    return test.status === 'ok' ? `p ${formatP(test.pValue)}${adjusted}.` : '';
}
