import type { ExperimentAnalysis } from '../../experiment/document.ts';
import {
    formatChange,
    formatChangeInterval,
    formatCount,
    formatP,
    formatPrecise,
    formatShare,
    formatValue,
} from '../../experiment/format.ts';
import type { LogisticReading, QuantileReading } from '../../experiment/readings/document.ts';
import type { Markup } from '../markup.ts';
import { html } from '../markup.ts';
import { renderOneLook } from './one-look.ts';
import { whyMissing } from './words.ts';

/** What a statistician looks at before believing the rest: folded, and without a say in the decision. */
export function renderDiagnostics(analysis: ExperimentAnalysis): Markup | null {
    const { logistic, quantiles, caps } = analysis.diagnostics;
    const oneLook = renderOneLook(analysis);
    if (oneLook === null && logistic.length + quantiles.length + caps.length === 0) return null;
    return html`<section class="long" aria-labelledby="diagnostics"><h2 id="diagnostics">Diagnostics</h2>
<p class="lead">Other ways to look at the same users. Nothing here has a say in the decision.</p>
${oneLook}
${logistic.map(renderLogistic)}
${quantiles.length === 0 ? null : renderQuantiles(quantiles, analysis)}
${caps.length === 0 ? null : renderCaps(analysis)}</section>`;
}

function renderLogistic({ label, variant, warning, outcome }: LogisticReading): Markup {
    const summary = html`<summary>Logistic regression of buying, ${variant}: ${label.charAt(0).toLowerCase()}${label.slice(1)}</summary>`;
    const caution = warning === null ? null : html`<p class="warn"><b>Association, not effect.</b> ${warning}</p>`;
    if (outcome.status !== 'ok') {
        return html`<details class="fold">${summary}${caution}<p>${whyMissing(outcome)}</p></details>`;
    }
    const { effect, method, users, mcFadden, dropped } = outcome;
    const fitted =
        method === 'firth' ? 'Firth\u2019s penalised fit, because some outcomes are certain' : 'maximum likelihood';
    const caption = `${formatCount(users)} users, ${fitted}, McFadden\u2019s R\u00b2 ${mcFadden.toFixed(3)}${dropped.length === 0 ? '' : `; left out because they repeat others: ${dropped.join(', ')}`}.`;
    const sentence =
        effect.status === 'ok'
            ? `With and without the treatment the model gives shares that differ by ${formatChange('share', effect.value)} (${formatChangeInterval('share', effect)}, p ${formatP(effect.pValue)})${warning === null ? '' : ', which is no effect either'}.`
            : (whyMissing(effect) ?? '');
    return html`<details class="fold">${summary}${caution}<p>${sentence}</p>
<table role="table"><caption>${caption}</caption><thead><tr role="row"><th scope="col">Term</th><th scope="col" class="num">Odds ratio</th><th scope="col" class="num">Interval</th><th scope="col" class="num">Coefficient</th><th scope="col" class="num">p</th></tr></thead>
<tbody>${outcome.terms.map(
        ({ term, estimate, oddsRatio, pValue }) =>
            html`<tr role="row"><th scope="row" role="rowheader">${term.replaceAll('_', ' ')}</th><td class="num" role="cell" data-label="Odds ratio">${oddsRatio === null ? '\u2013' : oddsRatio.value.toFixed(3)}</td>
<td class="num" role="cell" data-label="Interval">${oddsRatio === null ? '\u2013' : `${oddsRatio.low.toFixed(3)} to ${oddsRatio.high.toFixed(3)}`}</td><td class="num" role="cell" data-label="Coefficient">${estimate.toFixed(4).replace('-', '\u2212')}</td><td class="num" role="cell" data-label="p">${formatPrecise(pValue)}</td></tr>`,
    )}</tbody></table></details>`;
}

function renderQuantiles(readings: readonly QuantileReading[], { plan }: ExperimentAnalysis): Markup {
    const rows = readings.flatMap(({ label, unit, variant, rows: quantiles }) =>
        quantiles.map(({ probability, control, treatment, difference }) => {
            const value = (one: number | null) => (one === null ? '\u2013' : formatValue(unit, one, plan.currency));
            const change =
                difference.status === 'ok'
                    ? html`<td class="num" role="cell" data-label="Change"><span>${formatChange(unit, difference.value, plan.currency)}<span class="sub">${formatChangeInterval(unit, difference, plan.currency)}</span></span></td><td class="num" role="cell" data-label="p">${formatP(difference.pValue)}</td>`
                    : html`<td class="why" role="cell" colspan="2" data-label="Change"><span>${whyMissing(difference)}</span></td>`;
            return html`<tr role="row"><th scope="row" role="rowheader">${label}<span>${variant}, P${String(Number((probability * 100).toPrecision(6)))}</span></th><td class="num" role="cell" data-label="${plan.control}">${value(control)}</td><td class="num" role="cell" data-label="${variant}">${value(treatment)}</td>${change}</tr>`;
        }),
    );
    return html`<details class="fold"><summary>${plan.looks.kind === 'once' ? 'Quantiles' : 'Quantiles of values a user'}</summary><table role="table"><caption>${plan.looks.kind === 'once' ? 'From the values themselves' : 'Right to one percent'}, for one look, and not corrected for the number of rows.</caption>
<thead><tr role="row"><th scope="col">Value</th><th scope="col" class="num">Control</th><th scope="col" class="num">Treatment</th><th scope="col" class="num">Change</th><th scope="col" class="num">p</th></tr></thead><tbody>${rows}</tbody></table></details>`;
}

function renderCaps({ diagnostics, plan }: ExperimentAnalysis): Markup {
    const rows = diagnostics.caps.map(({ metric, quantile, cap, capped }) => {
        const units = capped.map((arm) => `${arm.variant} ${formatCount(arm.units)}`).join(', ');
        return html`<li>${`${metric.label}: values above ${formatValue(metric.unit, cap, plan.currency)} (the ${formatShare(quantile)} quantile of all arms together) are lowered to it in the capped reading; users capped: ${units}.`}</li>`;
    });
    return html`<details class="fold"><summary>Caps of large values</summary><ul>${rows}</ul></details>`;
}
