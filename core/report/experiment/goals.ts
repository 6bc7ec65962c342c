import type { ExperimentAnalysis, GoalComparison, IntervalKind } from '../../experiment/document.ts';
import { formatChangeInterval, formatP } from '../../experiment/format.ts';
import type { ExperimentPlan } from '../../experiment/plan.ts';
import { plannedLooks } from '../../experiment/planned-looks.ts';
import { isPlannedSizeReached, shownOf } from '../../experiment/shown.ts';
import type { Markup } from '../markup.ts';
import { html } from '../markup.ts';
import {
    armCell,
    changeCell,
    intervalWords,
    LIFT_BOUNDS,
    liftBar,
    liftCell,
    pHead,
    plotCell,
} from './comparison-cells.ts';
import type { Scale } from './interval-bar.ts';
import { drawAxis, formatTick, scaleOf } from './interval-bar.ts';
import { legend, wingsEntry } from './legend.ts';
import { renderReach } from './reach.ts';
import { chanceLines, renderReadings } from './readings.ts';
import { plural, whyMissing } from './words.ts';

/** The goals, one row a metric and arm: what control did, what treatment did, and how sure that is. */
export function renderGoals(analysis: ExperimentAnalysis): Markup {
    const { goals, intervals } = analysis;
    if (goals.length === 0) {
        return html`<section aria-labelledby="goals"><h2 id="goals">Goals</h2><p class="lead">There are no two arms to compare yet.</p></section>`;
    }
    const bars = goals.map((goal) => liftBar(goal, intervals.kind, nameOf(goal)));
    const scale = scaleOf(bars, LIFT_BOUNDS);
    const together =
        goals.length > 1 && intervals.kind === 'fixed'
            ? '; "all goals": the interval that is right for all rows at once'
            : '';
    return html`<section class="long" aria-labelledby="goals"><h2 id="goals">Goals</h2>
<p class="lead">Change is treatment minus control; the relative change is that as a share of control.</p>${analysis.verdict.decision === 'invalid' ? html`<p class="warn"><b>Not a result.</b> The comparison is invalid: these numbers are for finding out why.</p>` : null}
<table role="table"><caption>${`Small print under a change is its ${intervalWords(intervals)}: the changes the data do not rule out${together}. pp = percentage points.`}</caption>
<thead><tr role="row"><th scope="col">Goal</th><th scope="col" class="num">Control</th><th scope="col" class="num">Treatment</th>
<th scope="col" class="num">Change</th><th scope="col" class="num">Relative change</th><th scope="col" class="plot">Relative change, drawn${drawAxis(scale, formatTick)}</th>
<th scope="col" class="num">${pHead(intervals.kind)}</th><th scope="col" class="num">Chance to win</th></tr></thead>
<tbody>${goals.map((goal, index) => renderGoal(goal, bars[index]!, scale, analysis))}</tbody></table>
${legend(intervals, wingsEntry(intervals, bars))}
${renderReadingNotes(analysis)}${renderReadings(analysis)}${renderReach(analysis)}</section>`;
}

function renderGoal(
    goal: GoalComparison,
    bar: Parameters<typeof plotCell>[0],
    scale: Scale,
    analysis: ExperimentAnalysis,
): Markup {
    const { kind } = analysis.intervals;
    const { currency } = analysis.plan;
    return html`<tr role="row"><th scope="row" role="rowheader">${goal.metric.label}<span>${goal.primary ? 'Primary goal, ' : ''}${goal.treatment.variant}</span></th>
${armCell(goal, 'control', currency)}${armCell(goal, 'treatment', currency)}${changeCell(goal, kind, currency, togetherWords(goal, analysis))}${liftCell(goal, kind)}${plotCell(bar, scale, drawAxis(scale, formatTick))}
${goalPCell(goal, kind)}${chanceCell(analysis, goal)}</tr>`;
}

/** The p-values in words. */
function renderReadingNotes({ goals, plan, exposure, intervals }: ExperimentAnalysis): Markup {
    const hedge = hedgeWords(plan, exposure.units, goals.length);
    const any =
        intervals.kind === 'anytime' || plan.looks.kind === 'every_build'
            ? ' Any time: also right when the result is looked at again and again.'
            : '';
    return html`<p class="note">p is how often chance alone would show a change at least this large. Adjusted: corrected for looking at ${plural(goals.length, 'goal row')} at once (Holm).${any} ${hedge}</p>`;
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
        ? 'No size was planned, so only the any-time numbers are shown; those for one look stand folded under Diagnostics.'
        : 'Before the planned size only the any-time numbers are shown; those for one look stand folded under Diagnostics.';
}

/** The p-values of a goal that may be read now, under each other. */
function goalPCell(goal: GoalComparison, kind: IntervalKind): Markup {
    const { exactPValue, adjustedPValue, adjustedAnytimePValue } = goal;
    const { test } = shownOf(goal, kind);
    const named = (word: string, p: GoalComparison['adjustedPValue']) =>
        p.status === 'ok' ? [`${word} ${formatP(p.pValue)}`] : [];
    const lines =
        kind === 'anytime'
            ? named('adjusted', adjustedAnytimePValue)
            : [
                  ...(exactPValue === null ? [] : [`exact ${formatP(exactPValue)}`]),
                  ...named('adjusted', adjustedPValue),
                  ...named('any time', adjustedAnytimePValue),
              ];
    if (test.status !== 'ok')
        return html`<td class="why" role="cell" data-label="${pHead(kind)}"><span>${whyMissing(test)}</span></td>`;
    return html`<td class="num" role="cell" data-label="${pHead(kind)}"><span>${formatP(test.pValue)}${lines.map((line) => html`<span class="sub">${line}</span>`)}</span></td>`;
}

/** The interval that holds for all goals at once, where there is more than one. */
function togetherWords(
    { metric, adjustedDifference }: GoalComparison,
    { goals, plan, intervals }: ExperimentAnalysis,
): string | null {
    if (goals.length < 2 || intervals.kind === 'anytime' || adjustedDifference.status !== 'ok') return null;
    return `all goals: ${formatChangeInterval(metric.unit, adjustedDifference, plan.currency)}`;
}

function chanceCell(analysis: ExperimentAnalysis, goal: GoalComparison): Markup {
    const [chance, loss] = chanceLines(analysis, goal);
    return html`<td class="num chance" role="cell" data-label="Chance to win"><span>${chance ?? '\u2013'}${loss === undefined ? null : html`<span class="sub">${loss}</span>`}</span></td>`;
}

function nameOf(goal: GoalComparison): string {
    return `${goal.metric.label}, ${goal.treatment.variant}`;
}
