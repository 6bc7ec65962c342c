import type { Sheet, SheetCell } from '../workbook.ts';
import type { Sales, SalesReport } from './document.ts';

const text = (value: string): SheetCell => ({ kind: 'text', text: value });
const count = (value: number): SheetCell => ({ kind: 'count', value });
const money = (value: string): SheetCell => ({ kind: 'money', value });
/** Headings of texts, then those of numbers. */
function headings(texts: readonly string[], numbersOf: readonly string[]): SheetCell[] {
    return [
        ...texts.map((name): SheetCell => ({ kind: 'heading', text: name, over: 'texts' })),
        ...numbersOf.map((name): SheetCell => ({ kind: 'heading', text: name, over: 'numbers' })),
    ];
}
const NUMBERS = ['Revenue', 'Units', 'Customers', 'Purchases'];
const WIDTHS = [16, 12, 12, 12];

/** The workbook of a report: the report itself, by day, by week and month, and where else the totals stand. */
export function salesSheets(report: SalesReport): Sheet[] {
    const periods = [
        ...report.monthly.map((row) => [text('month'), date(row.startsOn), text(row.segment), ...numbers(row)]),
        ...report.weekly.map((row) => [text('week'), date(row.startsOn), text(row.segment), ...numbers(row)]),
    ];
    return [
        {
            name: 'Sales report',
            widths: [28, 20, ...WIDTHS],
            rows: [
                headings(['Category', 'Customer segment'], NUMBERS),
                ...report.cells.map((cell) => [text(cell.category), text(cell.segment), ...numbers(cell)]),
                totals(2, report.cells.length, report.total),
            ],
        },
        {
            name: 'By day',
            widths: [14, ...WIDTHS],
            rows: [
                headings(['Day'], NUMBERS),
                ...report.daily.map((row) => [date(row.day), ...numbers(row)]),
                totals(1, report.daily.length, report.total),
            ],
        },
        {
            name: 'Segments over time',
            widths: [10, 14, 20, ...WIDTHS],
            rows: [headings(['Period', 'Starts on', 'Customer segment'], NUMBERS), ...periods],
        },
        { name: 'Where the totals stand', widths: [32, 16, 12, 10, 60], rows: reconciliation(report) },
    ];
}

function numbers({ revenue, units, customers, purchases }: Sales): SheetCell[] {
    return [money(revenue), count(units), count(customers), count(purchases)];
}

function date(day: string): SheetCell {
    return { kind: 'date', date: day };
}

/** Formulas over the rows above. Customers are no sum: the same person buys in several rows. */
function totals(labels: number, rows: number, total: Sales): SheetCell[] {
    const sum = (offset: number, format: 'count' | 'money'): SheetCell => {
        const column = String.fromCharCode('A'.charCodeAt(0) + labels + offset);
        return rows === 0
            ? { kind: 'count', value: 0, isStrong: true }
            : { kind: 'formula', formula: `SUM(${column}2:${column}${rows + 1})`, format };
    };
    return [
        { kind: 'text', text: 'Total', isStrong: true },
        ...Array.from({ length: labels - 1 }, () => null),
        sum(0, 'money'),
        sum(1, 'count'),
        { kind: 'count', value: total.customers, isStrong: true },
        sum(3, 'count'),
    ];
}

function reconciliation({ reconciliation: places, unknown }: SalesReport): SheetCell[][] {
    const counted = [
        ['Purchases of unknown products', unknown.products],
        ['Purchases by unknown customers', unknown.customers],
        ['Purchases without a price', unknown.prices],
    ] as const;
    return [
        [...headings(['Place'], ['Revenue', 'Units']), ...headings(['Agrees', 'Remark'], [])],
        ...places.map(({ place, revenue, units, agrees, remark }) => [
            text(place),
            revenue === null ? null : money(revenue),
            units === null ? null : count(units),
            text(agrees ? 'yes' : 'no'),
            text(remark),
        ]),
        ...counted.map(([label, value]) => [text(label), null, count(value), null, null]),
    ];
}
