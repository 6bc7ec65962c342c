import type { ArmValue, ExperimentAnalysis, FunnelStep, IntervalKind } from '../../experiment/document.ts';
import { formatCount, formatValue } from '../../experiment/format.ts';
import type { Markup } from '../markup.ts';
import { html } from '../markup.ts';
import { changeCell, intervalWords, pCell, pHead } from './comparison-cells.ts';

/** From exposure to purchase: the share of exposed users that reached each step, arm beside arm. */
export function renderFunnel(analysis: ExperimentAnalysis): Markup | null {
    const { funnel, plan, intervals } = analysis;
    if (funnel.length === 0) return null;
    const shares = funnel.flatMap((step) =>
        step.comparisons.flatMap((c) => [shareOf(c.control), shareOf(c.treatment)]),
    );
    // Later steps are a few percent of the first: a scale up to 100 % would show slivers.
    const top = Math.max(...shares, 0);
    return html`<section aria-labelledby="funnel"><h2 id="funnel">Funnel</h2>
<p class="lead">Share of exposed users that reached each step within ${String(plan.windowDays)} days of exposure. These rows explain the goals; they decide nothing.</p>
<table role="table"><caption>Bars of one table share one scale; a full bar is ${formatValue('share', top)}. Small print: ${intervalWords(intervals)}.</caption>
<thead><tr role="row"><th scope="col">Step</th><th scope="col">Control</th><th scope="col">Treatment</th><th scope="col" class="num">Change</th><th scope="col" class="num">${pHead(intervals.kind)}</th></tr></thead>
<tbody>${funnel.map((step) => renderStep(step, top, intervals.kind))}</tbody></table></section>`;
}

function renderStep(step: FunnelStep, top: number, kind: IntervalKind): Markup {
    const rows = step.comparisons.map((comparison) => {
        const { control, treatment } = comparison;
        return html`<tr role="row"><th scope="row" role="rowheader">${step.label}<span>${treatment.variant}</span></th>
${shareCell(control, 'control', top)}${shareCell(treatment, 'treatment', top)}${changeCell(comparison, kind, null)}
${pCell(comparison, kind)}</tr>`;
    });
    return html`${rows}`;
}

function shareCell(arm: ArmValue, side: 'control' | 'treatment', top: number): Markup {
    const share = shareOf(arm);
    const width = top === 0 ? 0 : (share / top) * 100;
    const words = arm.value.status === 'ok' ? formatValue('share', arm.value.value) : '\u2013';
    return html`<td class="funnelcell" role="cell" data-label="${arm.variant}"><span>${words} <span class="of">${formatCount(arm.numerator)} of ${formatCount(arm.units)}</span>
<svg class="share ${side}" width="100%" height="9" aria-hidden="true"><rect class="rest" width="100%" height="9" rx="2"/><rect width="${width.toFixed(2)}%" height="9" rx="2"/></svg></span></td>`;
}

function shareOf(arm: ArmValue): number {
    return arm.value.status === 'ok' ? arm.value.value : 0;
}
