import type { ExperimentAnalysis, GoalComparison } from '../../experiment/document.ts';
import { formatChange, formatCount, formatLift, formatShare, formatValue } from '../../experiment/format.ts';
import type { Reach, ReachRow } from '../../experiment/readings/document.ts';
import type { Markup } from '../markup.ts';
import { html } from '../markup.ts';

/** What this experiment can find at all: a chance for each change a reader may have in mind, and what it takes. */
export function renderReach(analysis: ExperimentAnalysis): Markup | null {
    const power = analysis.goals.flatMap((goal) => powerWords(goal, analysis));
    if (power.length + analysis.reach.length === 0) return null;
    return html`<h3>What this many users can find</h3>
${power.length === 0 ? null : html`<ul class="note">${power.map((words) => html`<li>${words}</li>`)}</ul>`}
${analysis.reach.map((one, index) => renderTable(one, analysis, index === 0 && analysis.intervals.kind === 'anytime'))}`;
}

function powerWords({ metric, treatment, detectable }: GoalComparison, { plan }: ExperimentAnalysis): string[] {
    if (detectable.status !== 'ok') return [];
    const { absolute, relative } = detectable;
    const share = relative === null ? '' : ` (${formatLift(relative)} relative)`;
    return [
        `${metric.label}, ${treatment.variant}: a true change of ${formatChange(metric.unit, absolute, plan.currency)}${share} would be found ${Math.round(plan.power * 100)} times out of 100 at this size; smaller ones mostly stay unseen.`,
    ];
}

/** Open while the experiment waits for its size: then the question is how long. */
function renderTable(
    { metric, variant, baseline, rows }: Reach,
    { plan }: ExperimentAnalysis,
    isOpen: boolean,
): Markup {
    const isShare = metric.kind === 'proportion';
    const from = `${formatValue(metric.unit, baseline, plan.currency)} in ${plan.control}`;
    const formulas = isShare
        ? '. Users an arm by the two formulas calculators use: on the arcsine scale (Cohen\u2019s h, as R\u2019s pwr.2p.test), and with the pooled variance (as R\u2019s power.prop.test)'
        : '';
    const caption = `${metric.label}, ${variant}: this goal alone, tested once, from ${from}${formulas}. Never computed for the change that was seen.`;
    const percent = `${Math.round(plan.power * 100)}%`;
    return html`<details class="fold"${isOpen ? { markup: ' open' } : null}><summary>${`${metric.label}, ${variant}: users an arm for ${percent} power, by the change to be found`}</summary>
<table role="table" class="compact"><caption>${caption}</caption>
<thead><tr role="row"><th scope="col">True relative change</th><th scope="col" class="num">Found with the users so far</th>${isShare ? html`<th scope="col" class="num">Users an arm for ${percent}, arcsine</th>` : null}<th scope="col" class="num">Users an arm for ${percent}${isShare ? ', pooled variance' : ''}</th></tr></thead>
<tbody>${rows.map((row) => renderRow(row, isShare, percent))}</tbody></table></details>`;
}

function renderRow(row: ReachRow, isShare: boolean, percent: string): Markup {
    const { lift, isPlanned, power, unitsByArcsine, unitsByNormal } = row;
    const units = (label: string, count: number | null) =>
        html`<td class="num" role="cell" data-label="${label}">${count === null ? '\u2013' : formatCount(count)}</td>`;
    return html`<tr role="row"><th scope="row" role="rowheader">${formatLift(lift)}${isPlanned ? html`<span>as planned</span>` : null}</th>
<td class="num" role="cell" data-label="Found so far">${power === null ? '\u2013' : `${formatShare(power)} of the time`}</td>
${isShare ? units(`An arm for ${percent}, arcsine`, unitsByArcsine) : null}${units(`An arm for ${percent}${isShare ? ', pooled' : ''}`, unitsByNormal)}</tr>`;
}
