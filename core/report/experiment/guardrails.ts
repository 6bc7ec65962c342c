import type { ExperimentAnalysis, GuardrailComparison } from '../../experiment/document.ts';
import type { Currency } from '../../experiment/format.ts';
import { formatAbout, formatChange, formatChangeInterval, formatLift, formatP } from '../../experiment/format.ts';
import { shownOf } from '../../experiment/shown.ts';
import type { Markup } from '../markup.ts';
import { html } from '../markup.ts';
import { armCell, GUARDRAIL_BOUNDS, intervalWords, liftBar, liftCell, plotCell } from './comparison-cells.ts';
import { icon } from './icon.ts';
import type { Scale } from './interval-bar.ts';
import { drawAxis, formatTick, scaleOf } from './interval-bar.ts';
import { legend, MARGIN_ENTRY, wingsEntry } from './legend.ts';
import { guardrailWords, whyMissing } from './words.ts';

/** The guardrails: metrics that only have to be shown not to get worse than their margin. */
export function renderGuardrails(analysis: ExperimentAnalysis): Markup | null {
    const { guardrails, plan } = analysis;
    if (guardrails.length === 0) return null;
    const bars = guardrails.map((guardrail) =>
        liftBar(guardrail, guardrail.reading, `${guardrail.metric.label}, ${guardrail.treatment.variant}`, {
            margin: limitOf(guardrail),
        }),
    );
    const scale = scaleOf(bars, GUARDRAIL_BOUNDS);
    const intervals = { kind: guardrails[0]!.reading, alpha: plan.alpha };
    const hint = guardrails.some((one) => one.reading === 'anytime')
        ? ' Until the planned size is reached the verdict follows the any-time interval: a narrower one, looked at every day, would pass and fail by luck.'
        : '';
    return html`<section class="long" aria-labelledby="guardrails"><h2 id="guardrails">Guardrails</h2>
<p class="lead">A guardrail passes when the data show it is not worse than its margin. Too little data is no pass.${hint}</p>
<table role="table"><caption>${`Relative changes with their ${intervalWords(intervals)}. p of the margin: how often chance alone would look this good if the metric were worse by the whole margin.`}</caption>
<thead><tr role="row"><th scope="col">Guardrail</th><th scope="col" class="num">Control</th><th scope="col" class="num">Treatment</th>
<th scope="col" class="num">Relative change</th><th scope="col" class="plot">Relative change, drawn${drawAxis(scale, formatTick)}</th>
<th scope="col" class="num">p of the margin</th><th scope="col">Verdict</th></tr></thead>
<tbody>${guardrails.map((guardrail, index) => renderGuardrail(guardrail, bars[index]!, scale, plan.currency))}</tbody></table>
${legend(intervals, [...wingsEntry(intervals, bars), MARGIN_ENTRY])}</section>`;
}

/** The p-value of "worse by the whole margin" that may be read now. */
export function marginP(guardrail: GuardrailComparison): GuardrailComparison['nonInferiorityPValue'] {
    return guardrail.reading === 'fixed' ? guardrail.nonInferiorityPValue : guardrail.anytimeNonInferiorityPValue;
}

/** The relative change at which a guardrail fails. */
export function limitOf({ metric, margin }: GuardrailComparison): number {
    return metric.better === 'lower' ? margin : -margin;
}

/** `+5.0% or more is too much`: the margin as a sentence's end. */
export function marginWords(guardrail: GuardrailComparison): string {
    const better = guardrail.metric.better === 'lower' ? 'Lower is better' : 'Higher is better';
    return `${better}, margin ${formatLift(limitOf(guardrail))}`;
}

/** What an inconclusive guardrail still needs, or nothing. */
export function missingWords(guardrail: GuardrailComparison): string | null {
    if (guardrail.verdict !== 'inconclusive' || guardrail.unitsMissing === null) return null;
    return `${formatAbout(guardrail.unitsMissing)} more users for an answer`;
}

/** The change in the metric's own unit, where there is no relative one to read. */
function absoluteWords(guardrail: GuardrailComparison, currency: Currency): Markup | null {
    const { unit } = guardrail.metric;
    const { difference } = shownOf(guardrail, guardrail.reading);
    if (difference.status !== 'ok') return null;
    return html`<span class="sub">${`${formatChange(unit, difference.value, currency)} (${formatChangeInterval(unit, difference, currency)})`}</span>`;
}

function renderGuardrail(
    guardrail: GuardrailComparison,
    bar: Parameters<typeof plotCell>[0],
    scale: Scale,
    currency: Currency,
): Markup {
    const { word, tone } = guardrailWords(guardrail.verdict);
    const p = marginP(guardrail);
    const missing = missingWords(guardrail);
    return html`<tr role="row"><th scope="row" role="rowheader">${guardrail.metric.label}<span>${guardrail.treatment.variant}</span><span>${marginWords(guardrail)}</span></th>
${armCell(guardrail, 'control', currency)}${armCell(guardrail, 'treatment', currency)}${liftCell(guardrail, guardrail.reading, absoluteWords(guardrail, currency))}${plotCell(bar, scale, drawAxis(scale, formatTick))}
<td class="num" role="cell" data-label="p of the margin"><span title="${whyMissing(p) ?? ''}">${p.status === 'ok' ? formatP(p.pValue) : '\u2013'}</span></td>
<td role="cell" data-label="Verdict"><span><span class="verdict ${tone}">${icon(tone)} ${word}</span>${missing === null ? null : html`<span class="sub">${missing}</span>`}</span></td></tr>`;
}
