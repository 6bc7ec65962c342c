import { formatCount } from '../../experiment/format.ts';
import type { Markup } from '../markup.ts';
import { html } from '../markup.ts';
import type { SalesReport } from './document.ts';
import { formatMoney, formatRough } from './money.ts';

const WIDTH = 1000;
const HEIGHT = 200;
const MOST_SEGMENTS = 6;

/** Round values from zero to at least `most`, four steps at the most. */
export function moneyTicks(most: number): number[] {
    if (!(most > 0)) return [0];
    const rough = most / 4;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
    return Array.from({ length: Math.ceil(most / step - 1e-9) + 1 }, (_, index) => index * step);
}

/** Revenue of each day as bars, with its axis. Days without sales are gaps. */
export function dailyChart({ daily, days }: SalesReport): Markup | null {
    if (days === null || daily.length < 2) return null;
    const start = Date.parse(days.first) / 86_400_000;
    const span = Date.parse(days.last) / 86_400_000 - start + 1;
    const ticks = moneyTicks(Math.max(...daily.map(({ revenue }) => Number(revenue))));
    const top = ticks.at(-1) || 1;
    const slot = WIDTH / span;
    const bars = daily.map(({ day, revenue, units }) => {
        const height = (Math.max(Number(revenue), 0) / top) * HEIGHT;
        const left = (Date.parse(day) / 86_400_000 - start) * slot + slot * 0.1;
        const words = `${day}: ${formatMoney(revenue)}, ${formatCount(units)} units`;
        return html`<rect x="${left.toFixed(1)}" y="${(HEIGHT - height).toFixed(1)}" width="${(slot * 0.8).toFixed(1)}" height="${height.toFixed(1)}"><title>${words}</title></rect>`;
    });
    const best = daily.reduce((a, b) => (Number(b.revenue) > Number(a.revenue) ? b : a));
    const words = `Revenue a day from ${days.first} to ${days.last}, in the shop's currency; most on ${best.day}, ${formatMoney(best.revenue)}`;
    return frame(words, ticks, top, html`<g class="salesbars">${bars}</g>`, [days.first, days.last]);
}

/** Revenue of each segment week by week, the greatest segments as lines with their own dashes. */
export function segmentChart({ weekly, segments }: SalesReport): Markup | null {
    const weeks = [...new Set(weekly.map(({ startsOn }) => startsOn))];
    if (weeks.length < 2) return null;
    const shown = [...segments].sort((a, b) => Number(b.revenue) - Number(a.revenue)).slice(0, MOST_SEGMENTS);
    const revenueOf = new Map(weekly.map((row) => [`${row.startsOn} ${row.segment}`, Number(row.revenue)]));
    const ticks = moneyTicks(Math.max(...weekly.map(({ revenue }) => Number(revenue))));
    const top = ticks.at(-1) || 1;
    const lines = shown.map(({ segment }, index) => {
        const points = weeks.map((week, at) => {
            const revenue = Math.max(revenueOf.get(`${week} ${segment}`) ?? 0, 0);
            return `${((at / (weeks.length - 1)) * WIDTH).toFixed(1)},${(HEIGHT - (revenue / top) * HEIGHT).toFixed(1)}`;
        });
        return html`<polyline class="line s${index}" points="${points.join(' ')}" vector-effect="non-scaling-stroke"><title>${segment}</title></polyline>`;
    });
    const keys = shown.map(
        ({ segment }, index) =>
            html`<li><svg viewBox="0 0 34 14" aria-hidden="true"><line class="line s${index}" x1="0" x2="34" y1="7" y2="7"/></svg>${segment}</li>`,
    );
    const words = `Revenue a week by customer segment, in the shop's currency, weeks beginning ${weeks[0]!} to ${weeks.at(-1)!}; the first and the last week may be cut`;
    const picture = frame(words, ticks, top, html`${lines}`, [weeks[0]!, weeks.at(-1)!]);
    return html`${picture}<ul class="legend">${keys}</ul>`;
}

/** Revenue of each category as a bar beside its name; a share of the greatest one. */
export function categoryBar(revenue: string, greatest: number): Markup {
    const width = greatest > 0 ? Math.max((Number(revenue) / greatest) * 100, 0) : 0;
    return html`<svg class="share" viewBox="0 0 100 9" preserveAspectRatio="none" width="100%" aria-hidden="true"><rect width="${width.toFixed(2)}" height="9"/></svg>`;
}

function frame(
    words: string,
    ticks: readonly number[],
    top: number,
    drawn: Markup,
    ends: readonly [string, string],
): Markup {
    const y = (tick: number) => HEIGHT - (tick / top) * HEIGHT;
    return html`<figure><figcaption>${words}.</figcaption>
<div class="time"><div class="y" aria-hidden="true">${ticks.map((tick) => html`<span style="top:${((y(tick) / HEIGHT) * 100).toFixed(1)}%">${formatRough(tick)}</span>`)}</div>
<svg role="img" aria-label="${words}" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none">
${ticks.map((tick) => html`<line class="${tick === 0 ? 'zero' : 'grid'}" x1="0" x2="${WIDTH}" y1="${y(tick).toFixed(1)}" y2="${y(tick).toFixed(1)}" vector-effect="non-scaling-stroke"/>`)}
${drawn}</svg>
<div class="x" aria-hidden="true"><span>${ends[0]}</span><span>${ends[1]}</span></div></div></figure>`;
}
