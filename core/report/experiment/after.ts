import type { ExperimentAnalysis } from '../../experiment/document.ts';
import { formatChange, formatChangeInterval, formatChangeTick, formatCount, formatP } from '../../experiment/format.ts';
import type { Impact, Novelty, SampleRatioOverTime } from '../../experiment/readings/document.ts';
import type { Markup } from '../markup.ts';
import { html } from '../markup.ts';
import { intervalWords, plotCell } from './comparison-cells.ts';
import { drawAxis, type IntervalBar, scaleOf } from './interval-bar.ts';
import { plural, whyMissing } from './words.ts';

/** Does the effect wear off, and did users come evenly? */
export function renderNovelty(analysis: ExperimentAnalysis): Markup | null {
    const drawn = analysis.novelty.filter(({ cohorts }) => cohorts.length > 1);
    if (drawn.length === 0) return null;
    return html`<h3>By when users first came</h3>${drawn.map((one) => renderCohorts(one, analysis))}`;
}

function renderCohorts(
    { metric, variant, cohorts, sentence }: Novelty,
    { plan, intervals }: ExperimentAnalysis,
): Markup {
    const bars = cohorts.map(
        ({ from, to, difference }): IntervalBar => ({
            description: `${metric.label}, first exposed ${from} to ${to}: ${difference.status === 'ok' ? formatChange(metric.unit, difference.value, plan.currency) : whyMissing(difference)}`,
            estimate: difference.status === 'ok' ? difference.value : null,
            inner: intervals.kind === 'fixed' && difference.status === 'ok' ? difference : null,
            wings: intervals.kind === 'anytime' && difference.status === 'ok' ? difference : null,
            margin: null,
            reference: null,
            shrunken: null,
        }),
    );
    const scale = scaleOf(bars, { min: Number.NEGATIVE_INFINITY, max: Number.POSITIVE_INFINITY });
    const axis = drawAxis(scale, (tick) => formatChangeTick(metric.unit, tick, plan.currency));
    return html`<p>${`${variant}: ${sentence}`}</p><table role="table"><caption>${`${metric.label}, change by the days of first exposure: four groups of about as many users. Small print: ${intervalWords(intervals)}.`}</caption>
<thead><tr role="row"><th scope="col">First exposed</th><th scope="col" class="num">Users</th><th scope="col" class="num">Change</th><th scope="col" class="plot">Change, drawn${axis}</th></tr></thead>
<tbody>${cohorts.map(({ from, to, units, difference }, index) => {
        const change =
            difference.status === 'ok'
                ? html`<td class="num" role="cell" data-label="Change"><span>${formatChange(metric.unit, difference.value, plan.currency)}<span class="sub">${formatChangeInterval(metric.unit, difference, plan.currency)}</span></span></td>`
                : html`<td class="why" role="cell" data-label="Change"><span>${whyMissing(difference)}</span></td>`;
        return html`<tr role="row"><th scope="row" role="rowheader">${from} to ${to}</th><td class="num" role="cell" data-label="Users">${formatCount(units)}</td>${change}${plotCell(bars[index]!, scale, axis, 'Change, drawn')}</tr>`;
    })}</tbody></table>`;
}

/** Exposed users a day as bars, with the split of each day in words. */
export function renderExposures({ exposures, sequential, daysTested, daysOff }: SampleRatioOverTime): Markup | null {
    if (exposures.length < 2) return null;
    const most = exposures.reduce((high, { units }) => Math.max(high, units), 1);
    const width = 100 / exposures.length;
    const total = exposures.reduce((sum, { units }) => sum + units, 0);
    const first = exposures[0]!.exposedOn;
    const last = exposures.at(-1)!.exposedOn;
    const ratio =
        sequential.status === 'ok'
            ? `The split of all days together, at every look: p ${formatP(sequential.pValue)}.`
            : sequential.why;
    const daily =
        daysTested === 0
            ? 'No day has enough users for a test of its own.'
            : `${plural(daysTested, 'day')} tested alone, ${formatCount(daysOff.length)} off.`;
    const words = `Newly exposed users on the last ${plural(exposures.length, 'day')} with any, ${formatCount(total)} in all, at most ${formatCount(most)} a day. ${ratio} ${daily}`;
    return html`<h3>Users a day</h3><figure><figcaption>${words}</figcaption>
<svg class="days" role="img" aria-label="${words}" width="100%" height="56"><title>${words}</title>${exposures.map(
        ({ exposedOn, units }, index) =>
            html`<rect x="${(index * width).toFixed(2)}%" width="${(width * 0.8).toFixed(2)}%" y="${(56 - (units / most) * 56).toFixed(1)}" height="${((units / most) * 56).toFixed(1)}"><title>${exposedOn}: ${formatCount(units)}</title></rect>`,
    )}</svg><div class="ends" aria-hidden="true"><span>${first}</span><span>${last}</span></div></figure>`;
}

/** What the change would bring a day if everybody got it. */
export function renderImpact({ impact, plan }: ExperimentAnalysis): Markup | null {
    const shown = impact.filter(({ perDay }) => perDay.status === 'ok');
    if (shown.length === 0) return null;
    return html`<section aria-labelledby="impact"><h2 id="impact">What it would bring</h2>
<p class="lead">${`The change times the ${shown[0]!.unitsPerDay.toFixed(1)} users a day that the experiment saw, if the effect persists and everybody gets the treatment. An interval that holds zero says that it may bring nothing, or cost.`}</p>
<table role="table"><caption>Per day; intervals are those of the goals.</caption><thead><tr role="row"><th scope="col">Goal</th><th scope="col" class="num">More a day</th><th scope="col" class="num">Interval</th></tr></thead>
<tbody>${shown.flatMap((one) => renderImpactRow(one, plan.currency))}</tbody></table></section>`;
}

function renderImpactRow({ metric, variant, perDay }: Impact, currency: string | null): Markup[] {
    if (perDay.status !== 'ok') return [];
    // A share of users a day is a number of users a day.
    const unit = metric.unit === 'share' ? 'count' : metric.unit;
    const what = metric.kind === 'proportion' ? `${metric.label}: users` : metric.label.replace(/ per user$/, '');
    return [
        html`<tr role="row"><th scope="row" role="rowheader">${what}<span>${variant}</span></th><td class="num" role="cell" data-label="More a day">${formatChange(unit, perDay.value, currency)}</td><td class="num" role="cell" data-label="Interval">${formatChangeInterval(unit, perDay, currency)}</td></tr>`,
    ];
}
