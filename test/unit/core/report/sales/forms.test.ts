import { describe, expect, it } from 'vitest';
import { csvLine } from '#core/report/csv.ts';
import { dailyChart, moneyTicks, segmentChart } from '#core/report/sales/charts.ts';
import { categoryCsvs, renderSalesCsv } from '#core/report/sales/csv.ts';
import { renderSalesHtml } from '#core/report/sales/html.ts';
import { salesSheets } from '#core/report/sales/sheets.ts';
import { aSalesReport, HOSTILE } from './report.ts';

const META = { generatedAt: '2024-03-12T00:00:00.000Z', hash: 'abcdef0123456789' };
const sales = { revenue: '1.00', units: 1, customers: 1, purchases: 1 };
const pageOf = (report = aSalesReport()) => renderSalesHtml(report, META, [{ label: 'CSV', href: 'sales_report.csv' }]);

describe('the CSV of a sales report', () => {
    it('has the columns and the exact money of the table', () => {
        expect(renderSalesCsv(aSalesReport().cells)).toBe(
            'category,customer_segment,total_revenue,units_sold,unique_customers\r\n' +
                'Books,New,1234500.00,10,2\r\nunknown,unknown,67.30,2,2\r\n',
        );
    });

    it('has a file for each category', () => {
        const files = categoryCsvs(aSalesReport());
        expect([...files.keys()]).toEqual(['Books', 'unknown']);
        expect(files.get('Books')).toBe(
            'category,customer_segment,total_revenue,units_sold,unique_customers\r\nBooks,New,1234500.00,10,2\r\n',
        );
    });

    it('has no text that a spreadsheet takes for a formula', () => {
        for (const text of HOSTILE) expect(csvLine([text])).not.toMatch(/^"?[=+@\t\r-]/);
        expect(csvLine(['=1+1', { exact: '-1.00' }, -1, null])).toBe("'=1+1,-1.00,-1,\r\n");
    });
});

describe('the workbook of a sales report', () => {
    const [report, byDay, periods, totals] = salesSheets(aSalesReport());

    it('adds up what can be added up, and no customers', () => {
        const last = report?.rows.at(-1);
        expect(
            last?.map((cell) => cell && ('formula' in cell ? cell.formula : 'value' in cell ? cell.value : cell.kind)),
        ).toEqual(['text', null, 'SUM(C2:C3)', 'SUM(D2:D3)', 3, 'SUM(F2:F3)']);
        expect(byDay?.rows.at(-1)?.[1]).toMatchObject({ formula: 'SUM(B2:B3)', format: 'money' });
    });

    it('has zeros instead of sums over nothing', () => {
        const [empty] = salesSheets(aSalesReport({ cells: [] }));
        expect(empty?.rows.at(-1)?.[2]).toMatchObject({ kind: 'count', value: 0 });
    });

    it('has weeks and months, and where the totals stand', () => {
        expect(periods?.rows.map(([cell]) => cell && 'text' in cell && cell.text)).toEqual([
            'Period',
            'month',
            'week',
            'week',
        ]);
        expect(totals?.rows.map((row) => row[3] && 'text' in row[3] && row[3].text)).toEqual([
            'Agrees',
            'yes',
            'no',
            null,
            null,
            null,
        ]);
    });
});

describe('the page of a sales report', () => {
    it('is one file: nothing is loaded from elsewhere, nothing runs', () => {
        const page = pageOf();
        expect(page).not.toMatch(/<script|<link|@import|url\(|\ssrc=|https?:/);
        expect(page).toBe(pageOf());
    });

    it('shows totals, what is unknown, and a place that differs', () => {
        const page = pageOf();
        expect(page).toContain('1,234,567.30');
        expect(page).toContain(
            'Of 6 purchases: 2 of unknown products (their revenue is not known); 1 by unknown customers.',
        );
        expect(page).toContain('<tr role="row" class="unknown">');
        expect(page).toContain('<b class="alert">no</b>');
        expect(pageOf(aSalesReport({ unknown: { products: 0, customers: 0, prices: 1 } }))).toContain(
            '1 of products without a price',
        );
        expect(pageOf(aSalesReport({ unknown: { products: 0, customers: 0, prices: 0 } }))).not.toContain(
            'Not everything is known',
        );
    });

    it('shows what people put into names as text', () => {
        for (const text of HOSTILE) {
            const cells = [{ category: text, segment: text, ...sales }];
            const page = pageOf(
                aSalesReport({
                    cells,
                    categories: cells,
                    segments: cells,
                    filter: { from: null, to: null, category: text },
                }),
            );
            expect(page).not.toContain('<b>"');
        }
    });

    it('says which part of the sales it is about', () => {
        const page = pageOf(aSalesReport({ filter: { from: '2024-03-01', to: '2024-03-31', category: 'Books' } }));
        expect(page).toContain('Sales of Books from 2024-03-01 to 2024-03-11');
        expect(page).toContain('sales from 2024-03-01 to 2024-03-31 only');
    });

    it('can be about no sales, and about one day', () => {
        expect(
            pageOf(aSalesReport({ days: null, daily: [], weekly: [], cells: [], categories: [], segments: [] })),
        ).toContain('<h1>Sales: none</h1>');
        expect(pageOf(aSalesReport({ days: { first: '2024-03-01', last: '2024-03-01' } }))).toContain(
            'Sales on 2024-03-01',
        );
    });
});

describe('the charts of a sales report', () => {
    it('have a text alternative with unit and span, and a bar where its day is', () => {
        const chart = dailyChart(aSalesReport())?.markup ?? '';
        expect(chart).toContain(
            'aria-label="Revenue a day from 2024-03-01 to 2024-03-11, in the shop&#39;s currency; most on 2024-03-01, 1,234,500.00"',
        );
        expect([...chart.matchAll(/<rect x="([\d.]+)"/g)].map(([, x]) => Number(x))).toEqual([9.1, 918.2]);
    });

    it('draw each segment with dashes of its own', () => {
        const chart = segmentChart(aSalesReport())?.markup ?? '';
        expect(chart).toContain('class="line s0" points="0.0,35.4 1000.0,200.0"');
        expect(chart).toContain('class="line s1"');
    });

    it('are left out where there is one day, or one week', () => {
        const report = aSalesReport();
        expect(dailyChart({ ...report, daily: report.daily.slice(1) })).toBeNull();
        expect(segmentChart({ ...report, weekly: report.weekly.slice(1) })).toBeNull();
    });

    it.each([
        [0, [0]],
        [-5, [0]],
        [18_369, [0, 5_000, 10_000, 15_000, 20_000]],
        [100, [0, 25, 50, 75, 100]],
        [0.9, [0, 0.25, 0.5, 0.75, 1]],
    ])('have round ticks up to %d', (most, ticks) => {
        expect(moneyTicks(most)).toEqual(ticks);
    });
});
