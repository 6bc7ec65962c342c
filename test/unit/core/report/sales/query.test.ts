import { describe, expect, it } from 'vitest';
import { createDuckdbEngine } from '#adapters/duckdb/engine.ts';
import { compileModels } from '#core/models/compile.ts';
import type { SalesFilter } from '#core/report/sales/document.ts';
import { type SalesGroup, salesGroups } from '#core/report/sales/query.ts';
import { testDatabase } from '#test/support/duckdb.ts';
import { createMemoryBlobs } from '#test/support/fakes/memory-blobs.ts';
import { aModel } from '#test/support/tiny-lake.ts';

/** Ann changes her segment, buys in two categories, and on both sides of a month within one week. */
const LINES = [
    "('Books', 'New', date '2024-02-29', 'ann', 1, 10.00, true, true)",
    "('Books', 'VIP', date '2024-03-01', 'ann', 2, 20.00, true, true)",
    "('Toys', 'VIP', date '2024-03-01', 'ann', 1, 0.05, true, true)",
    "('Books', 'VIP', date '2024-03-04', 'bob', 1, null, true, true)",
    "('unknown', 'VIP', date '2024-03-04', 'bob', 4, null, false, true)",
    "('Books', 'unknown', date '2024-03-04', 'cy', 1, 10.00, true, false)",
];

const ALL: SalesFilter = { from: undefined, to: undefined, category: undefined };
const database = testDatabase();

function groupsOf(filter: SalesFilter, lines = LINES, where = 'true'): Promise<SalesGroup[]> {
    const sql = `select category, customer_segment, sold_on, customer_id, cast(quantity as bigint) as quantity,
            cast(revenue as decimal(18, 2)) as revenue, is_product_known, is_customer_known
        from (values ${lines.join(', ')}) as bought (category, customer_segment, sold_on, customer_id, quantity,
            revenue, is_product_known, is_customer_known)
        where ${where}`;
    const files = [aModel('fct_order_lines', 'kind: view', sql)];
    return salesGroups(
        {
            engine: createDuckdbEngine(database, createMemoryBlobs()),
            contracts: new Map(),
            graph: compileModels({ files, typescriptModels: [], datasets: [], dateDatasets: [] }),
            catalog: { current: async () => undefined },
            objects: async () => [],
        },
        filter,
    );
}

/** What each group of a kind is about, with its revenue, units, customers and purchases. */
const shown = (groups: readonly SalesGroup[], kind: SalesGroup['kind']) =>
    groups
        .filter((group) => group.kind === kind)
        .map(({ category, segment, day, revenue, units, customers, purchases }) =>
            [category, segment, day, revenue, units, customers, purchases].filter((part) => part !== undefined),
        );

describe('the groups of a sales report', () => {
    it('count a customer once in each, however many segments, categories and days', async () => {
        const groups = await groupsOf(ALL);

        expect(shown(groups, 'total')).toEqual([['40.05', 10, 3, 6]]);
        expect(shown(groups, 'category')).toEqual([
            ['Books', '40.00', 5, 3, 4],
            ['Toys', '0.05', 1, 1, 1],
            ['unknown', '0.00', 4, 1, 1],
        ]);
        expect(shown(groups, 'segment')).toEqual([
            ['New', '10.00', 1, 1, 1],
            ['VIP', '20.05', 8, 2, 4],
            ['unknown', '10.00', 1, 1, 1],
        ]);
        expect(shown(groups, 'cell')).toEqual([
            ['Books', 'New', '10.00', 1, 1, 1],
            ['Books', 'VIP', '20.00', 3, 2, 2],
            ['Books', 'unknown', '10.00', 1, 1, 1],
            ['Toys', 'VIP', '0.05', 1, 1, 1],
            ['unknown', 'VIP', '0.00', 4, 1, 1],
        ]);
    });

    it('are days, and weeks and months of each segment', async () => {
        const groups = await groupsOf(ALL);

        expect(shown(groups, 'day')).toEqual([
            ['2024-02-29', '10.00', 1, 1, 1],
            ['2024-03-01', '20.05', 3, 1, 2],
            ['2024-03-04', '10.00', 6, 2, 3],
        ]);
        expect(shown(groups, 'week')).toEqual([
            ['New', '2024-02-26', '10.00', 1, 1, 1],
            ['VIP', '2024-02-26', '20.05', 3, 1, 2],
            ['VIP', '2024-03-04', '0.00', 5, 1, 2],
            ['unknown', '2024-03-04', '10.00', 1, 1, 1],
        ]);
        expect(shown(groups, 'month')).toEqual([
            ['New', '2024-02-01', '10.00', 1, 1, 1],
            ['VIP', '2024-03-01', '20.05', 8, 2, 4],
            ['unknown', '2024-03-01', '10.00', 1, 1, 1],
        ]);
    });

    it('say how many purchases lack a product, a customer or a price', async () => {
        const [total] = (await groupsOf(ALL)).filter(({ kind }) => kind === 'total');
        expect(total?.unknown).toEqual({ products: 1, customers: 1, prices: 1 });
    });

    it.each<[Partial<SalesFilter>, (string | number)[]]>([
        [{ from: '2024-03-01' }, ['30.05', 9, 3, 5]],
        [{ to: '2024-02-29' }, ['10.00', 1, 1, 1]],
        [{ category: 'Toys' }, ['0.05', 1, 1, 1]],
        [{ from: '2024-03-01', to: '2024-03-01', category: 'Books' }, ['20.00', 2, 1, 1]],
        [{ category: "' or true --" }, ['0.00', 0, 0, 0]],
    ])('are of the sales that %j leaves', async (filter, total) => {
        expect(shown(await groupsOf({ ...ALL, ...filter }), 'total')).toEqual([total]);
    });

    it('are a total of nothing where nothing was sold', async () => {
        const groups = await groupsOf(ALL, LINES, 'false');
        expect(groups.map(({ kind }) => kind)).toEqual(['total']);
        expect(shown(groups, 'total')).toEqual([['0.00', 0, 0, 0]]);
    });
});
