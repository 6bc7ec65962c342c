import type { ExperimentAnalysis } from '../../experiment/document.ts';
import type { Currency } from '../../experiment/format.ts';
import { formatChange, formatChangeInterval, formatChangeTick, formatCount, formatP } from '../../experiment/format.ts';
import type { Look, OverTime } from '../../experiment/readings/document.ts';
import type { Markup } from '../markup.ts';
import { html } from '../markup.ts';
import { renderExposures, renderNovelty } from './after.ts';
import type { Scale } from './interval-bar.ts';
import { ticksOf } from './interval-bar.ts';

const WIDTH = 1000;
const HEIGHT = 200;
/** Rows of the table that stands for the picture; a year of days would bury the page. */
const TABLE_ROWS = 12;

/** The primary goal as exposures added up, with the interval that stays right at every look. */
export function renderOverTime(analysis: ExperimentAnalysis): Markup | null {
    const { overTime, plan } = analysis;
    const drawn = overTime.filter(({ looks }) => looks.length >= 2);
    const exposures = renderExposures(analysis.sampleRatioOverTime);
    const novelty = renderNovelty(analysis);
    if (drawn.length === 0 && exposures === null && novelty === null) return null;
    const lead = html`<p class="lead">The change so far, after each day's newly exposed users. The band is right at any number of looks and may only get narrower; zero inside it means undecided.</p>`;
    return html`<section class="long" aria-labelledby="time"><h2 id="time">Over time</h2>
${drawn.length === 0 ? null : lead}${drawn.map((one) => renderSeries(one, plan.currency))}${novelty}${exposures}</section>`;
}

function renderSeries({ metric, variant, looks }: OverTime, currency: Currency): Markup {
    const first = looks[0]!;
    const last = looks.at(-1)!;
    const scale = timeScale(looks);
    const y = (value: number) => HEIGHT - clamp((value - scale.min) / (scale.max - scale.min)) * HEIGHT;
    const x = (index: number) => (index / (looks.length - 1)) * WIDTH;
    const point = (value: number, index: number) => `${x(index).toFixed(1)},${y(value).toFixed(1)}`;
    const upper = looks.map((look, index) => point(look.high, index));
    const lower = looks.map((look, index) => point(look.low, index)).reverse();
    const words = `${metric.label}, ${variant}: after ${last.exposedOn} the change is ${formatChange(metric.unit, last.difference, currency)}, any-time interval ${formatChangeInterval(metric.unit, { ...last, value: last.difference }, currency)}`;
    const ticks = ticksOf(scale);
    return html`<figure><figcaption>${words}.</figcaption>
<div class="time"><div class="y" aria-hidden="true">${ticks.map((tick) => html`<span style="top:${((y(tick) / HEIGHT) * 100).toFixed(1)}%">${formatChangeTick(metric.unit, tick, currency)}</span>`)}</div>
<svg role="img" aria-label="${words}" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none"><title>${words}</title>
${ticks.map((tick) => html`<line class="${tick === 0 ? 'zero' : 'grid'}" x1="0" x2="${WIDTH}" y1="${y(tick).toFixed(1)}" y2="${y(tick).toFixed(1)}" vector-effect="non-scaling-stroke"/>`)}
<polygon class="bandarea" points="${[...upper, ...lower].join(' ')}"/>
<polyline class="path" points="${looks.map((look, index) => point(look.difference, index)).join(' ')}" vector-effect="non-scaling-stroke"/></svg>
<div class="x" aria-hidden="true"><span>${first.exposedOn}, ${formatCount(first.units)} users</span><span>${last.exposedOn}, ${formatCount(last.units)} users</span></div></div>
${renderTable(looks, metric.unit, currency)}</figure>`;
}

function renderTable(looks: readonly Look[], unit: OverTime['metric']['unit'], currency: Currency): Markup {
    const rows = thin(looks).map(
        (look) =>
            html`<tr role="row"><th scope="row" role="rowheader">${look.exposedOn}</th><td class="num" role="cell" data-label="Users">${formatCount(look.units)}</td>
<td class="num" role="cell" data-label="Change">${formatChange(unit, look.difference, currency)}</td><td class="num" role="cell" data-label="Any-time interval">${formatChangeInterval(unit, { ...look, value: look.difference }, currency)}</td><td class="num" role="cell" data-label="p, any time">${formatP(look.pValue)}</td></tr>`,
    );
    return html`<details class="fold"><summary>The same as a table</summary><table role="table"><caption>${looks.length > TABLE_ROWS ? `${TABLE_ROWS} of ${looks.length} days, evenly spaced.` : 'Every day.'}</caption>
<thead><tr role="row"><th scope="col">Exposed until</th><th scope="col" class="num">Users</th><th scope="col" class="num">Change</th><th scope="col" class="num">Any-time interval</th><th scope="col" class="num">p, any time</th></tr></thead><tbody>${rows}</tbody></table></details>`;
}

/** The band is enormous at the first looks: the picture shows three times the last one and cuts the rest. */
function timeScale(looks: readonly Look[]): Scale {
    const last = looks.at(-1)!;
    const reach = Math.max(Math.abs(last.low), Math.abs(last.high)) * 2 || 1;
    return { min: -reach, max: reach };
}

function thin(looks: readonly Look[]): Look[] {
    if (looks.length <= TABLE_ROWS) return [...looks];
    const step = (looks.length - 1) / (TABLE_ROWS - 1);
    return Array.from({ length: TABLE_ROWS }, (_, index) => looks[Math.round(index * step)]!);
}

function clamp(share: number): number {
    return Math.min(1, Math.max(0, share));
}
