import type { ExperimentAnalysis } from '../../experiment/document.ts';
import { formatP } from '../../experiment/format.ts';
import { armCell, changeCell, LIFT_BOUNDS, liftBar, liftCell, plotCell } from './comparison-cells.ts';
import { formatTick } from './goals.ts';
import { drawAxis, scaleOf } from './interval-bar.ts';
import type { Markup } from './markup.ts';
import { html } from './markup.ts';
import { whyMissing } from './words.ts';

/** Metrics that are neither goal, guardrail nor funnel step: background, without a say in the decision. */
export function renderSecondary({ secondary, plan: { currency } }: ExperimentAnalysis): Markup | null {
    if (secondary.length === 0) return null;
    const bars = secondary.map((one) => liftBar(one, `${one.metric.label}, ${one.treatment.variant}`));
    const scale = scaleOf(bars, LIFT_BOUNDS);
    const rows = secondary.map(
        (one, index) =>
            html`<tr role="row"><th scope="row" role="rowheader">${one.metric.label}<span>${one.treatment.variant}</span></th>
${armCell(one, 'control', currency)}${armCell(one, 'treatment', currency)}${changeCell(one, currency)}${liftCell(one)}${plotCell(bars[index]!, scale)}
<td class="num" role="cell" data-label="p"><span title="${whyMissing(one.test) ?? ''}">${one.test.status === 'ok' ? formatP(one.test.pValue) : '\u2013'}</span></td></tr>`,
    );
    return html`<section aria-labelledby="secondary"><h2 id="secondary">Other metrics</h2>
<table role="table"><caption>Background only: not corrected for the number of rows, and without a say in the decision.</caption>
<thead><tr role="row"><th scope="col">Metric</th><th scope="col" class="num">Control</th><th scope="col" class="num">Treatment</th><th scope="col" class="num">Change</th>
<th scope="col" class="num">Relative change</th><th scope="col" class="plot">Relative change, drawn${drawAxis(scale, formatTick)}</th><th scope="col" class="num">p</th></tr></thead>
<tbody>${rows}</tbody></table></section>`;
}
