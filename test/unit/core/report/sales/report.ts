import type { SalesReport } from '#core/report/sales/document.ts';

/** A small report; what a shop writes into names is the caller's. */
export function aSalesReport(changes: Partial<SalesReport> = {}): SalesReport {
    const sales = (revenue: string, units: number) => ({ revenue, units, customers: 2, purchases: 3 });
    return {
        format: 'cartlake.sales/1',
        asOf: '2024-03-11',
        filter: { from: null, to: null, category: null },
        days: { first: '2024-03-01', last: '2024-03-11' },
        total: { revenue: '1234567.30', units: 12, customers: 3, purchases: 6 },
        cells: [
            { category: 'Books', segment: 'New', ...sales('1234500.00', 10) },
            { category: 'unknown', segment: 'unknown', ...sales('67.30', 2) },
        ],
        categories: [
            { category: 'Books', ...sales('1234500.00', 10) },
            { category: 'unknown', ...sales('67.30', 2) },
        ],
        segments: [
            { segment: 'New', ...sales('1234500.00', 10) },
            { segment: 'unknown', ...sales('67.30', 2) },
        ],
        daily: [
            { day: '2024-03-01', ...sales('1234500.00', 10) },
            { day: '2024-03-11', ...sales('67.30', 2) },
        ],
        weekly: [
            { startsOn: '2024-02-26', segment: 'New', ...sales('1234500.00', 10) },
            { startsOn: '2024-03-11', segment: 'unknown', ...sales('67.30', 2) },
        ],
        monthly: [{ startsOn: '2024-03-01', segment: 'New', ...sales('1234500.00', 10) }],
        unknown: { products: 2, customers: 1, prices: 0 },
        reconciliation: [
            { place: 'Order lines', revenue: '1234567.30', units: 12, agrees: true, remark: 'as they are' },
            { place: 'PostgreSQL', revenue: null, units: null, agrees: false, remark: 'another version' },
        ],
        ...changes,
    };
}

/** Texts that a spreadsheet or a browser could take for something else. */
export const HOSTILE = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '<b>"&', 'a,"b"\r\nc'];
