import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { DataRow, Statement } from '#core/build/ports.ts';
import { notePublished } from '#core/build/published.ts';
import { compileModels } from '#core/models/compile.ts';
import { writeSalesReport } from '#core/report/sales-reports.ts';
import { aContract, aRegisteredObject, aVersion } from '#test/support/builders.ts';
import { createMemoryBlobs } from '#test/support/fakes/memory-blobs.ts';
import { createMemoryControl } from '#test/support/fakes/memory-control.ts';
import { aModel } from '#test/support/tiny-lake.ts';

const MODELS = [
    ...['fct_purchases', 'sales_report', 'sales_daily'].map((name) =>
        aModel(name, 'kind: table', "select * from {{ ref('order_events') }}"),
    ),
    aModel('fct_order_lines', 'kind: view', "select * from {{ ref('fct_purchases') }}"),
];

/** One purchase of each category. */
function groupsOf(categories: readonly string[]): DataRow[] {
    const known = { unknown_products: 0, unknown_customers: 0, without_price: 0 };
    const sales = { revenue: '1.50', units: 2, customers: 1, purchases: 1, ...known };
    const total = {
        revenue: (categories.length * 1.5).toFixed(2),
        units: categories.length * 2,
        customers: 1,
        purchases: categories.length,
        ...known,
    };
    return [
        { kind: 'total', category: null, segment: null, day: null, ...total },
        ...categories.flatMap((category) => [
            { kind: 'cell', category, segment: 'New', day: null, ...sales },
            { kind: 'category', category, segment: null, day: null, ...sales },
        ]),
        { kind: 'segment', category: null, segment: 'New', day: null, ...total },
        { kind: 'day', category: null, segment: null, day: '2026-01-01', ...total },
    ];
}

function aLake(categories: string[], isBuilt = true) {
    const blobs = createMemoryBlobs();
    const version = aVersion({ model: 'sales_report' });
    const stored = { revenue: (categories.length * 1.5).toFixed(2), units: categories.length * 2 };
    return {
        blobs,
        version,
        control: createMemoryControl(),
        contracts: new Map([['order_events', aContract({ dataset: 'order_events' })]]),
        graph: compileModels({ files: MODELS, typescriptModels: [], datasets: ['order_events'], dateDatasets: [] }),
        catalog: { current: async () => (isBuilt ? version : undefined) },
        objects: async () => [aRegisteredObject('a')],
        engine: {
            async rows(statement: Statement): Promise<DataRow[]> {
                const sql = statement.render((name) => name);
                if (sql.includes('grouped')) return groupsOf(categories);
                return [{ revenue: sql.includes('cast(null') ? null : stored.revenue, units: stored.units }];
            },
        },
        now: () => '2026-01-03T00:00:00.000Z',
        removeScratch: async () => undefined,
        writeWorkbook: (_: unknown, path: string) => writeFile(path, 'xlsx'),
        categories,
    };
}

const FOLDER = 'reports/sales/2026-01-01';
const names = ({ blobs }: ReturnType<typeof aLake>) =>
    [...blobs.files.keys()].map((key) => key.replace(`${FOLDER}/`, '')).sort();

describe('the sales report of a lake', () => {
    it('lies in all its forms in a folder of the newest day', async () => {
        const lake = aLake(['Books', 'Home & Garden']);
        const written = await writeSalesReport(lake);

        expect(written).toMatchObject({
            folder: FOLDER,
            isNew: true,
            report: { asOf: '2026-01-01', format: 'cartlake.sales/1' },
        });
        expect(names(lake)).toEqual([
            'category-Books.csv',
            'category-Home-Garden-2782365d.csv',
            'index.html',
            'report.json',
            'sales_report.csv',
            'sales_report.xlsx',
        ]);
        expect(JSON.parse(String(lake.blobs.files.get(`${FOLDER}/report.json`))).meta).toEqual(written?.meta);
    });

    it('is left alone while its numbers are the same', async () => {
        const lake = aLake(['Books']);
        const first = await writeSalesReport(lake);
        await lake.blobs.putText(`${FOLDER}/index.html`, 'a person was here');
        const second = await writeSalesReport(lake);

        expect(second).toMatchObject({ isNew: false, meta: first?.meta });
        expect(String(lake.blobs.files.get(`${FOLDER}/index.html`))).toBe('a person was here');
    });

    it('takes the files of categories away that are gone, and leaves reports of a part of the sales', async () => {
        const lake = aLake(['Books', 'Toys']);
        await writeSalesReport(lake);
        await writeSalesReport(lake, { from: '2026-01-01', to: undefined, category: 'Books' });
        lake.categories.pop();
        await writeSalesReport(lake);

        expect(names(lake)).not.toContain('category-Toys.csv');
        expect(names(lake)).toContain('from-2026-01-01_category-Books/report.json');
    });

    it('says whether PostgreSQL holds the same version', async () => {
        const lake = aLake(['Books']);
        const before = await writeSalesReport(lake);
        await notePublished(lake.control, { sales_report: lake.version.content });
        const after = await writeSalesReport(lake);

        const postgres = (written: typeof before) =>
            written?.report.reconciliation.find(({ place }) => place.startsWith('PostgreSQL'));
        expect(postgres(before)).toMatchObject({ agrees: false, remark: expect.stringContaining('publish again') });
        expect(postgres(after)).toMatchObject({ agrees: true, remark: expect.stringContaining('the same version') });
    });

    it('says where the totals differ', async () => {
        const lake = aLake(['Books']);
        const engine = {
            rows: async (statement: Statement) =>
                (await lake.engine.rows(statement)).map((row) =>
                    'revenue' in row && !('kind' in row) ? { ...row, units: 99 } : row,
                ),
        };
        const written = await writeSalesReport({ ...lake, engine });

        expect(written?.report.reconciliation.filter(({ agrees }) => !agrees).map(({ place }) => place)).toEqual([
            'Order events',
            'Table sales_report',
            'Table sales_daily',
            'PostgreSQL marts.sales_report',
        ]);
    });

    it('is none before the table is built, or an order event came', async () => {
        const lake = aLake(['Books']);

        expect(await writeSalesReport(aLake([], false))).toBeUndefined();
        expect(await writeSalesReport({ ...lake, objects: async () => [] })).toBeUndefined();
        expect(lake.blobs.files.size).toBe(0);
    });
});
