import { fileURLToPath } from 'node:url';
import { writeWorkbook } from '#adapters/xlsx/workbook.ts';
import { UsageError } from '#core/errors.ts';
import { objectsOf } from '#core/registry/registry.ts';
import type { Reconciled, SalesFilter, SalesReport } from '#core/report/sales/document.ts';
import { formatMoney } from '#core/report/sales/money.ts';
import { type WrittenSalesReport, writeSalesReport } from '#core/report/sales-reports.ts';
import type { LakeContext } from '../anywhere.ts';
import { count, counted } from '../output/numbers.ts';
import { paint } from '../output/style.ts';
import { table } from '../output/table.ts';

/**
 * The sales report of a lake, or of a part of its sales; written where it is missing.
 *
 * @throws UsageError when the lake has no sales, or a day or category is none
 */
export async function salesReportOf(context: LakeContext, filter: SalesFilter): Promise<WrittenSalesReport> {
    for (const [option, day] of [
        ['--from', filter.from],
        ['--to', filter.to],
    ] as const) {
        if (day === undefined || isDay(day)) continue;
        throw new UsageError(`${option} is "${day}": expected a day such as 2026-01-31.`);
    }
    if (filter.from !== undefined && filter.to !== undefined && filter.from > filter.to) {
        throw new UsageError(
            `--from ${filter.from} is after --to ${filter.to}: no day is both. Change one of the two.`,
        );
    }
    const objects = (dataset: string) => objectsOf(context.control, dataset);
    const sources = { ...context, objects, writeWorkbook };
    const written = await writeSalesReport(sources, filter);
    if (written === undefined) {
        throw new UsageError('There are no sales in this lake yet. Ingest order_events, customers and products first.');
    }
    if (written.report.total.purchases === 0 && filter.category !== undefined) {
        const all = await writeSalesReport(sources);
        const known = all?.report.categories.map(({ category }) => category).join(', ');
        throw new UsageError(
            `No sales of the category "${filter.category}" in these days. There is: ${known || 'nothing'}.`,
        );
    }
    return written;
}

function isDay(text: string): boolean {
    const day = new Date(`${text}T00:00:00Z`);
    return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

/** A report for a terminal; `addressOf` says where a blob can be seen. */
export function salesLines({ report, folder }: WrittenSalesReport, addressOf: (key: string) => string): string[] {
    const files = addressOf(folder);
    const { total, cells } = report;
    const right = 'right' as const;
    const columns = [
        { heading: 'category' },
        { heading: 'customer segment' },
        { heading: 'revenue', align: right },
        { heading: 'units', align: right },
        { heading: 'customers', align: right },
    ];
    const rows = cells.map(({ category, segment, revenue, units, customers }) => [
        oneLine(category),
        oneLine(segment),
        formatMoney(revenue),
        count(units),
        count(customers),
    ]);
    const sums = ['total', '', formatMoney(total.revenue), count(total.units), count(total.customers)];
    return [
        paint('bold', `# Sales${daysWords(report)}`),
        '',
        ...table(columns, [...rows, sums]),
        ...unknownLines(report),
        '',
        ...report.reconciliation.map(placeLine),
        '',
        `Page: ${addressOf(`${folder}/index.html`)}`,
        `Files: ${files.startsWith('file:') ? fileURLToPath(files) : files}`,
    ];
}

function daysWords({ days }: SalesReport): string {
    return days === null ? ': none' : ` from ${days.first} to ${days.last}`;
}

function unknownLines({ unknown }: SalesReport): string[] {
    const lines = [
        unknown.products > 0 ? `${counted(unknown.products, 'purchase')} of unknown products` : '',
        unknown.customers > 0 ? `${counted(unknown.customers, 'purchase')} by unknown customers` : '',
        unknown.prices > 0 ? `${counted(unknown.prices, 'purchase')} without a price` : '',
    ].filter((line) => line !== '');
    return lines.length === 0 ? [] : ['', `${paint('yellow', 'unknown')}  ${lines.join(', ')}`];
}

function placeLine({ place, agrees, remark }: Reconciled): string {
    return `${agrees ? paint('green', 'agrees') : paint('red', 'differs')}  ${place}: ${remark}`;
}

function oneLine(text: string): string {
    return text.replaceAll(/\p{Cc}+/gu, ' ');
}
