import { formatCount } from '../../experiment/format.ts';
import type { Markup } from '../markup.ts';
import { html } from '../markup.ts';
import { STYLE } from '../style.ts';
import { dailyChart, segmentChart } from './charts.ts';
import type { SalesMeta, SalesReport } from './document.ts';
import { formatMoney } from './money.ts';
import { SALES_STYLE } from './style.ts';
import { categoryTable, reconciliationTable, reportTable } from './tables.ts';

/** A file beside the page. */
export interface SalesLink {
    readonly label: string;
    readonly href: string;
}

/**
 * One self-contained page: style and pictures inside, no script, nothing loaded from elsewhere. All text from data is
 * escaped. The same report and meta give the same bytes.
 */
export function renderSalesHtml(report: SalesReport, meta: SalesMeta, links: readonly SalesLink[]): string {
    const title = titleOf(report);
    const daily = dailyChart(report);
    const segments = segmentChart(report);
    return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>${title}</title><style>${{ markup: STYLE + SALES_STYLE }}</style></head>
<body><main>
<header><p class="eyebrow">Sales report</p><h1>${title}</h1>
<p class="facts">Data through ${report.asOf}${filterWords(report)}${links.map(({ label, href }) => html` · <a href="${href}">${label}</a>`)}</p></header>
${figures(report)}
${unknownWords(report)}
${daily && html`<section aria-labelledby="days"><h2 id="days">Day by day</h2>${daily}</section>`}
<section aria-labelledby="categories"><h2 id="categories">Categories</h2>${categoryTable(report)}</section>
${segments && html`<section aria-labelledby="segments"><h2 id="segments">Customer segments, week by week</h2>${segments}</section>`}
<section class="long" aria-labelledby="report"><h2 id="report">Categories and customer segments</h2>${reportTable(report)}</section>
<section aria-labelledby="totals"><h2 id="totals">Where the totals stand</h2>
<p class="lead">The same purchases, counted in every place that holds them.</p>${reconciliationTable(report)}</section>
<footer>Money is in the shop's currency. A purchase counts with the price and the customer segment that held when it was
made; what was never seen changing counts as it was first seen. Generated ${meta.generatedAt}, report ${meta.hash}.</footer>
</main></body></html>
`.markup;
}

function titleOf({ days, filter }: SalesReport): string {
    const what = filter.category === null ? 'Sales' : `Sales of ${filter.category}`;
    if (days === null) return `${what}: none`;
    return days.first === days.last ? `${what} on ${days.first}` : `${what} from ${days.first} to ${days.last}`;
}

function filterWords({ filter: { from, to } }: SalesReport): string {
    const parts = [from === null ? [] : [`from ${from}`], to === null ? [] : [`to ${to}`]].flat();
    return parts.length === 0 ? '' : `, sales ${parts.join(' ')} only`;
}

function figures({ total }: SalesReport): Markup {
    const shown = [
        ['Revenue', formatMoney(total.revenue)],
        ['Units sold', formatCount(total.units)],
        ['Customers', formatCount(total.customers)],
        ['Purchases', formatCount(total.purchases)],
    ] as const;
    return html`<dl class="figures">${shown.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function unknownWords({ unknown, total }: SalesReport): Markup | null {
    const parts = [
        unknown.products > 0
            ? `${formatCount(unknown.products)} of unknown products (their revenue is not known)`
            : null,
        unknown.customers > 0 ? `${formatCount(unknown.customers)} by unknown customers` : null,
        unknown.prices > 0 ? `${formatCount(unknown.prices)} of products without a price` : null,
    ].filter((part) => part !== null);
    if (parts.length === 0) return null;
    return html`<p class="warn"><b>Not everything is known.</b> Of ${formatCount(total.purchases)} purchases: ${parts.join('; ')}. They are in the tables, under unknown.</p>`;
}
