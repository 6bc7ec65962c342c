import type { ExperimentAnalysis, GoalComparison } from '../../experiment/document.ts';
import {
    formatChange,
    formatChangeInterval,
    formatLift,
    formatLiftInterval,
    formatP,
} from '../../experiment/format.ts';
import { shownOf } from '../../experiment/shown.ts';
import { decidingP } from '../../experiment/verdict.ts';
import type { Markup } from '../markup.ts';
import { html } from '../markup.ts';

/** One of the questions every experiment is asked, with its answer in words. */
export interface Answered {
    readonly question: string;
    readonly answer: string;
}

/** Did it move, by how much, did anything get worse, does it differ: the page in four sentences. */
export function fourAnswers(analysis: ExperimentAnalysis): Answered[] {
    const primaries = analysis.goals.filter(({ primary }) => primary);
    if (primaries.length === 0) return [];
    const label = primaries[0]!.metric.label.toLowerCase();
    if (analysis.verdict.decision === 'invalid') return unreadable(label);
    return [
        { question: `Did ${label} move?`, answer: primaries.map((goal) => movedWords(goal, analysis)).join(' ') },
        {
            question: 'By how much, and how surely?',
            answer: primaries.map((goal) => sizeWords(goal, analysis)).join(' '),
        },
        { question: 'Did anything else get worse?', answer: worseWords(analysis) },
        { question: 'Does it differ between segments?', answer: segmentWords(analysis) },
    ];
}

/** Where the numbers cannot be trusted nothing is answered from them, however small a p-value is. */
const unreadable = (label: string): Answered[] => [
    {
        question: `Did ${label} move?`,
        answer: 'It cannot be told: the numbers below are not those of a fair comparison. They stand there to find the fault.',
    },
];

/** The questions with their answers, under the decision. */
export function renderAnswers(analysis: ExperimentAnalysis): Markup | null {
    const answers = fourAnswers(analysis);
    if (answers.length === 0) return null;
    return html`<section aria-labelledby="answers"><h2 id="answers">${answers.length === 1 ? 'The question' : 'The four questions'}</h2>
<dl class="answers">${answers.map(({ question, answer }) => html`<dt>${question}</dt><dd>${answer}</dd>`)}</dl></section>`;
}

function movedWords(goal: GoalComparison, { plan, goals, exposure, intervals }: ExperimentAnalysis): string {
    const name = goal.treatment.variant;
    if (goal.difference.status !== 'ok') return `${name}: nothing can be said. ${goal.difference.why}`;
    const outcome = intervals.kind === 'fixed' ? goal.adjustedPValue : goal.adjustedAnytimePValue;
    if (outcome.status !== 'ok') return `${name}: cannot be told yet. ${outcome.why}`;
    const pValue = decidingP(goal, { plan, goals, units: exposure.units });
    const p = `${intervals.kind === 'fixed' ? 'adjusted' : 'any-time'} p ${formatP(pValue)}`;
    if (pValue >= plan.alpha) return `${name}: the data cannot tell (${p}).`;
    return `${name}: yes, ${goal.difference.value > 0 ? 'up' : 'down'} (${p}).`;
}

function sizeWords(goal: GoalComparison, { plan, intervals }: ExperimentAnalysis): string {
    const { metric, treatment } = goal;
    const { difference, lift } = shownOf(goal, intervals.kind);
    if (difference.status !== 'ok') return `${treatment.variant}: unknown. ${difference.why}`;
    const name = intervals.kind === 'fixed' ? '' : 'any-time interval ';
    const absolute = `${formatChange(metric.unit, difference.value, plan.currency)} (${name}${formatChangeInterval(metric.unit, difference, plan.currency)})`;
    const relative = lift.status === 'ok' ? `, relative ${formatLift(lift.value)} (${formatLiftInterval(lift)})` : '';
    return `${treatment.variant}: ${absolute}${relative}.`;
}

function worseWords({ guardrails }: ExperimentAnalysis): string {
    if (guardrails.length === 0) return 'No guardrails were named, so nobody looked.';
    const named = (verdicts: readonly string[]) =>
        guardrails
            .filter(({ verdict }) => verdicts.includes(verdict))
            .map(({ metric, treatment }) => `${metric.label.toLowerCase()} (${treatment.variant})`);
    const failed = named(['fail_beyond_margin', 'fail_harm']);
    const costly = named(['pass_with_cost']);
    const unclear = named(['inconclusive']);
    const passed = named(['pass']);
    const parts = [
        failed.length > 0 ? `Yes: ${failed.join(', ')}.` : null,
        costly.length > 0 ? `Worse, but within the margin: ${costly.join(', ')}.` : null,
        passed.length > 0 ? `Shown not to be worse than the margin: ${passed.join(', ')}.` : null,
        unclear.length > 0 ? `Cannot be told yet: ${unclear.join(', ')}.` : null,
    ];
    return parts.filter((part) => part !== null).join(' ');
}

function segmentWords({ segments, plan }: ExperimentAnalysis): string {
    if (segments.length === 0) return 'There are no segments to compare.';
    const several = plan.arms.length > 2;
    const words = segments.map(({ sentence, variant }) => (several ? `${variant}: ${sentence}` : sentence));
    return [...new Set(words)].join(' ');
}
