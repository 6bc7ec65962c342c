import { formatCount } from '../../experiment/format.ts';
import type { Markup } from '../markup.ts';
import { html } from '../markup.ts';
import { categoryBar } from './charts.ts';
import { type Sales, type SalesReport, UNKNOWN } from './document.ts';
import { formatMoney } from './money.ts';

const head = (names: readonly string[], numbers: readonly string[], more: readonly string[] = []) =>
    html`<thead><tr role="row">${names.map((name) => html`<th scope="col">${name}</th>`)}${numbers.map((name) => html`<th scope="col" class="num">${name}</th>`)}${more.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>`;

const number = (label: string, value: string) => html`<td class="num" role="cell" data-label="${label}">${value}</td>`;

function numbers({ revenue, units, customers }: Sales): Markup {
    return html`${number('Revenue', formatMoney(revenue))}${number('Units', formatCount(units))}${number('Customers', formatCount(customers))}`;
}

/** Categories with their sales, each with a bar. */
export function categoryTable({ categories, total }: SalesReport): Markup {
    const sorted = [...categories].sort((a, b) => Number(b.revenue) - Number(a.revenue));
    const greatest = Math.max(...sorted.map(({ revenue }) => Number(revenue)), 0);
    const rows = sorted.map(
        (
            row,
        ) => html`<tr role="row"${rowClass(row.category)}><th scope="row" role="rowheader">${row.category}</th>${numbers(row)}
<td class="wide" role="cell" aria-hidden="true">${categoryBar(row.revenue, greatest)}</td></tr>`,
    );
    return html`<table role="table"><caption>By revenue. A customer who bought in two categories counts in both, and once in the total.</caption>
${head(['Category'], ['Revenue', 'Units', 'Customers'], [''])}<tbody>${rows}</tbody>
<tfoot><tr role="row"><th scope="row" role="rowheader">Total</th>${numbers(total)}<td></td></tr></tfoot></table>`;
}

/** The rows of `sales_report`. */
export function reportTable({ cells, total }: SalesReport): Markup {
    const rows = cells.map(
        (cell) =>
            html`<tr role="row"${rowClass(cell.category, cell.segment)}><th scope="row" role="rowheader">${cell.category}</th><td role="cell" data-label="Segment">${cell.segment}</td>${numbers(cell)}</tr>`,
    );
    return html`<table role="table"><caption>The rows of sales_report.csv.</caption>
${head(['Category', 'Segment'], ['Revenue', 'Units', 'Customers'])}<tbody>${rows}</tbody>
<tfoot><tr role="row"><th scope="row" role="rowheader">Total</th><td></td>${numbers(total)}</tr></tfoot></table>`;
}

/** Every place that holds the totals. */
export function reconciliationTable({ reconciliation }: SalesReport): Markup {
    const rows = reconciliation.map(
        ({
            place,
            revenue,
            units,
            agrees,
            remark,
        }) => html`<tr role="row"><th scope="row" role="rowheader">${place}<span>${remark}</span></th>
${number('Revenue', revenue === null ? '–' : formatMoney(revenue))}${number('Units', units === null ? '–' : formatCount(units))}<td role="cell" data-label="Agrees"><b class="${agrees ? 'ok' : 'alert'}">${agrees ? 'yes' : 'no'}</b></td></tr>`,
    );
    return html`<table role="table">${head(['Place'], ['Revenue', 'Units'], ['Agrees'])}<tbody>${rows}</tbody></table>`;
}

function rowClass(...names: readonly string[]): Markup | null {
    return names.includes(UNKNOWN) ? html` class="unknown"` : null;
}
