import type { ExperimentAnalysis, GoalComparison } from '../../experiment/document.ts';
import { formatChange, formatChangeInterval, formatLevel, formatLift, formatP } from '../../experiment/format.ts';
import type { ExperimentPlan } from '../../experiment/plan.ts';
import { plannedLooks } from '../../experiment/planned-looks.ts';
import { isPlannedSizeReached } from '../../experiment/verdict.ts';
import { armCell, changeCell, LIFT_BOUNDS, liftBar, liftCell, plotCell } from './comparison-cells.ts';
import type { Scale } from './interval-bar.ts';
import { drawAxis, scaleOf } from './interval-bar.ts';
import { legend, wingsEntry } from './legend.ts';
import type { Markup } from './markup.ts';
import { html } from './markup.ts';
import { chanceLines, renderReadings } from './readings.ts';
import { whyMissing } from './words.ts';

/** The goals, one row a metric and arm: what control did, what treatment did, and how sure that is. */
export function renderGoals(analysis: ExperimentAnalysis): Markup {
    const { goals, plan } = analysis;
    if (goals.length === 0) {
        return html`<section aria-labelledby="goals"><h2 id="goals">Goals</h2><p class="lead">There are no two arms to compare yet.</p></section>`;
    }
    const bars = goals.map((goal) => liftBar(goal, nameOf(goal)));
    const scale = scaleOf(bars, LIFT_BOUNDS);
    const level = formatLevel(plan.alpha);
    return html`<section class="long" aria-labelledby="goals"><h2 id="goals">Goals</h2>
<p class="lead">Change is treatment minus control; the relative change is that as a share of control.</p>
<table role="table"><caption>${`Small print under a change is its ${level} confidence interval: the changes the data do not rule out${goals.length > 1 ? '; "all goals": the interval that is right for all rows at once' : ''}. pp = percentage points.`}</caption>
<thead><tr role="row"><th scope="col">Goal</th><th scope="col" class="num">Control</th><th scope="col" class="num">Treatment</th>
<th scope="col" class="num">Change</th><th scope="col" class="num">Relative change</th><th scope="col" class="plot">Relative change, drawn${drawAxis(scale, formatTick)}</th>
<th scope="col" class="num">p</th><th scope="col" class="num">Chance to win</th></tr></thead>
<tbody>${goals.map((goal, index) => renderGoal(goal, bars[index]!, scale, analysis))}</tbody></table>
${legend(level, [wingsEntry(level)])}
${renderReadingNotes(analysis)}${renderReadings(analysis)}</section>`;
}

function renderGoal(
    goal: GoalComparison,
    bar: Parameters<typeof plotCell>[0],
    scale: Scale,
    analysis: ExperimentAnalysis,
): Markup {
    const { currency } = analysis.plan;
    return html`<tr role="row"><th scope="row" role="rowheader">${goal.metric.label}<span>${goal.primary ? 'Primary goal, ' : ''}${goal.treatment.variant}</span></th>
${armCell(goal, 'control', currency)}${armCell(goal, 'treatment', currency)}${changeCell(goal, currency, togetherWords(goal, analysis))}${liftCell(goal)}${plotCell(bar, scale)}
${pCell(goal)}${chanceCell(analysis, goal)}</tr>`;
}

/** The p-values in words, and what the experiment could have found at all. */
function renderReadingNotes({ goals, plan, exposure }: ExperimentAnalysis): Markup {
    const power = goals.flatMap((goal) => {
        if (goal.detectable.status !== 'ok') return [];
        const { absolute, relative } = goal.detectable;
        const share = relative === null ? '' : ` (${formatLift(relative)} relative)`;
        return [
            html`<li>${`${goal.metric.label}, ${goal.treatment.variant}: a true change of ${formatChange(goal.metric.unit, absolute)}${share} would be found four times out of five at this size; smaller ones mostly stay unseen.`}</li>`,
        ];
    });
    const hedge = hedgeWords(plan, exposure.units, goals.length);
    return html`<p class="note">p is how often chance alone would show a change at least this large. Adjusted: corrected for looking at ${String(goals.length)} goal rows at once (Holm). Any time: also right when the result is looked at again and again. ${hedge}</p>
${power.length === 0 ? null : html`<ul class="note">${power}</ul>`}`;
}

/** Which of the p-values may decide now. */
function hedgeWords(plan: ExperimentPlan, units: number, family: number): string {
    if (plan.looks.kind === 'once') return 'All data are there and looked at once: the adjusted p-value decides.';
    const looks = plannedLooks(plan, units, family);
    if (looks !== null) {
        return looks.level === null
            ? `No planned look is reached yet (of ${looks.planned}): nothing may decide.`
            : `Look ${looks.reached} of ${looks.planned}: a goal is decided when its p is below ${formatP(looks.level)} (Lan and DeMets, for ${family} goal rows).`;
    }
    if (isPlannedSizeReached(plan, units)) return 'The planned size is reached: the adjusted p-value decides.';
    return plan.plannedUnits === null
        ? 'No size was planned, so only the any-time p-value may decide; the plain one is right only if the result is looked at once.'
        : 'Before the planned size only the any-time p-value may decide.';
}

/** The three p-values of a goal under each other, the one that may decide without a word of its own. */
function pCell({ test, exactPValue, adjustedPValue, adjustedAnytimePValue }: GoalComparison): Markup {
    const lines = [
        exactPValue === null ? null : `exact ${formatP(exactPValue)}`,
        adjustedPValue.status === 'ok' ? `adjusted ${formatP(adjustedPValue.pValue)}` : null,
        adjustedAnytimePValue.status === 'ok' ? `any time ${formatP(adjustedAnytimePValue.pValue)}` : null,
    ].filter((line) => line !== null);
    if (test.status !== 'ok')
        return html`<td class="why" role="cell" data-label="p"><span>${whyMissing(test)}</span></td>`;
    return html`<td class="num" role="cell" data-label="p"><span>${formatP(test.pValue)}${lines.map((line) => html`<span class="sub">${line}</span>`)}</span></td>`;
}

/** The interval that holds for all goals at once, where there is more than one. */
function togetherWords(
    { metric, adjustedDifference }: GoalComparison,
    { goals, plan }: ExperimentAnalysis,
): string | null {
    if (goals.length < 2 || adjustedDifference.status !== 'ok') return null;
    return `all goals: ${formatChangeInterval(metric.unit, adjustedDifference, plan.currency)}`;
}

function chanceCell(analysis: ExperimentAnalysis, goal: GoalComparison): Markup {
    const [chance, loss] = chanceLines(analysis, goal);
    return html`<td class="num chance" role="cell" data-label="Chance to win"><span>${chance ?? '\u2013'}${loss === undefined ? null : html`<span class="sub">${loss}</span>`}</span></td>`;
}

function nameOf(goal: GoalComparison): string {
    return `${goal.metric.label}, ${goal.treatment.variant}`;
}

/** Ticks need no decimals. */
export function formatTick(lift: number): string {
    const percent = Math.round(lift * 1000) / 10;
    return percent === 0 ? '0' : `${percent > 0 ? '+' : '\u2212'}${Math.abs(percent)}%`;
}
