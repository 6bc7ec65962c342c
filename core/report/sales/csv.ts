import { csvLine } from '../csv.ts';
import type { SalesCell, SalesReport } from './document.ts';

const HEADINGS = ['category', 'customer_segment', 'total_revenue', 'units_sold', 'unique_customers'];

/** The report as the rows of `sales_report`, headings first. */
export function renderSalesCsv(cells: readonly SalesCell[]): string {
    const rows = cells.map(({ category, segment, revenue, units, customers }) =>
        csvLine([category, segment, { exact: revenue }, units, customers]),
    );
    return csvLine(HEADINGS) + rows.join('');
}

/** One CSV for each category. */
export function categoryCsvs({ cells }: SalesReport): ReadonlyMap<string, string> {
    const byCategory = Map.groupBy(cells, ({ category }) => category);
    return new Map([...byCategory].map(([category, rows]) => [category, renderSalesCsv(rows)]));
}
