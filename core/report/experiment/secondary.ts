import type { ExperimentAnalysis } from '../../experiment/document.ts';
import type { Markup } from '../markup.ts';
import { html } from '../markup.ts';
import {
    armCell,
    changeCell,
    intervalWords,
    LIFT_BOUNDS,
    liftBar,
    liftCell,
    pCell,
    pHead,
    plotCell,
} from './comparison-cells.ts';
import { drawAxis, formatTick, scaleOf } from './interval-bar.ts';

/** Metrics that are neither goal, guardrail nor funnel step: background, without a say in the decision. */
export function renderSecondary({ secondary, intervals, plan: { currency } }: ExperimentAnalysis): Markup | null {
    if (secondary.length === 0) return null;
    const { kind } = intervals;
    const bars = secondary.map((one) => liftBar(one, kind, `${one.metric.label}, ${one.treatment.variant}`));
    const scale = scaleOf(bars, LIFT_BOUNDS);
    const rows = secondary.map(
        (one, index) =>
            html`<tr role="row"><th scope="row" role="rowheader">${one.metric.label}<span>${one.treatment.variant}</span></th>
${armCell(one, 'control', currency)}${armCell(one, 'treatment', currency)}${changeCell(one, kind, currency)}${liftCell(one, kind)}${plotCell(bars[index]!, scale, drawAxis(scale, formatTick))}
${pCell(one, kind)}</tr>`,
    );
    return html`<section aria-labelledby="secondary"><h2 id="secondary">Other metrics</h2>
<table role="table"><caption>Background only: not corrected for the number of rows, and without a say in the decision. Small print: ${intervalWords(intervals)}.</caption>
<thead><tr role="row"><th scope="col">Metric</th><th scope="col" class="num">Control</th><th scope="col" class="num">Treatment</th><th scope="col" class="num">Change</th>
<th scope="col" class="num">Relative change</th><th scope="col" class="plot">Relative change, drawn${drawAxis(scale, formatTick)}</th><th scope="col" class="num">${pHead(kind)}</th></tr></thead>
<tbody>${rows}</tbody></table></section>`;
}
