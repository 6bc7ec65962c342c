import { copyFile, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { selectRows } from '#adapters/postgres/query.ts';
import { createPostgresServer } from '#embedded/postgres/server.ts';
import { type Ended, cartlake as run } from './cartlake.ts';
import { emptyLake, fingerprintOf, removeLake } from './lake.ts';
import { aSalesShop, expectedReport, type SalesShop } from './sales-shop.ts';

/** One shop and one lake; each test goes on where the one before ended. */
let folder: string;
let lake: string;
let shop: SalesShop;

beforeAll(async () => {
    folder = await emptyLake();
    lake = join(folder, '.cartlake');
    shop = await aSalesShop(folder);
});
afterAll(async () => {
    await shop.server.stop();
    await removeLake(lake);
    await removeLake(folder);
});

const cartlake = (...words: string[]): Promise<Ended> =>
    run(words, { cwd: folder, env: { CARTLAKE_SOURCE_SHOP_URL: shop.url } });

// biome-ignore lint/suspicious/noExplicitAny: documents of many shapes
async function json(...words: string[]): Promise<any> {
    const ended = await cartlake(...words, '--json');
    expect(ended, ended.err).toMatchObject({ code: 0 });
    return JSON.parse(ended.out);
}

async function reportCsv(): Promise<string> {
    const [day = ''] = await readdir(join(lake, 'reports/sales'));
    return readFile(join(lake, 'reports/sales', day, 'sales_report.csv'), 'utf8');
}

describe('from weekly archives and a database to a sales report', () => {
    it('is the report a count by hand gives, to the byte', async () => {
        const { extracts } = await json('extract');
        await json('ingest', ...shop.archives);

        expect(extracts).toMatchObject([
            { dataset: 'customers', state: 'landed', rows: 40, accepted: 40 },
            { dataset: 'products', state: 'landed', rows: 15, accepted: 15 },
        ]);
        expect(await reportCsv()).toBe(await expectedReport(shop));
    });

    it('is the same in the page, in PostgreSQL and in every other place', async () => {
        const { reconciliation, total } = await json('report', 'sales');

        expect(total.purchases).toBe(shop.purchases.length);
        expect(reconciliation).toHaveLength(6);
        for (const place of reconciliation) expect(place).toMatchObject({ agrees: true });
        const server = await createPostgresServer({ folder: join(lake, 'postgres') }).acquire();
        const { rows } = await selectRows(server.url, 'select sum(total_revenue), sum(units_sold) from sales_report');
        await server.release();
        expect(rows).toEqual([[total.revenue, String(total.units)]]);
    });

    it('changes nothing when the same weeks and tables come day after day, under whatever name', async () => {
        const before = await fingerprintOf(lake);
        for (let day = 0; day < 2; day++) {
            const { extracts } = await json('extract');
            expect(extracts).toMatchObject([{ state: 'unchanged' }, { state: 'unchanged' }]);
            await json('ingest', ...shop.archives);
        }
        const copy = join(folder, 'events_week_99.zip');
        await copyFile(shop.archives[0] as string, copy);
        await json('ingest', copy);
        const after = await fingerprintOf(lake);

        expect({ ...after, 'ledger entries': 0 }).toEqual({ ...before, 'ledger entries': 0 });
    });

    it('keeps prices and segments of then when they change, and the segment of a customer that is deleted', async () => {
        const expected = await reportCsv();
        await shop.sql("update products set price = price + 1; update customers set segment = 'VIP'");
        await shop.sql("delete from customers where customer_id = 'c001'");
        const { extracts } = await json('extract');

        expect(extracts).toMatchObject([{ state: 'landed' }, { state: 'landed' }]);
        expect(await reportCsv()).toBe(expected);
        const [gone] = await json(
            'sql',
            "select is_deleted, count_versions from dim_customers where customer_id = 'c001'",
        );
        expect(gone).toMatchObject({ is_deleted: true });
    });

    it('is written for a part of the sales too, and says what there is not', async () => {
        const all = await json('report', 'sales');
        const { first } = all.days;
        const part = await json('report', 'sales', '--from', first, '--to', first, '--category', 'Books');
        expect(part.days).toEqual({ first, last: first });
        expect(part.categories.map(({ category }: { category: string }) => category)).toEqual(['Books']);
        expect(part.folder).toBe(`${all.folder}/from-${first}_to-${first}_category-Books`);

        for (const [words, message] of [
            [['--category', 'Boks'], 'No sales of the category "Boks"'],
            [['--from', '2023-02-30'], '--from is "2023-02-30": expected a day'],
            [['--from', '2023-02-02', '--to', '2023-02-01'], 'no day is both'],
        ] as const) {
            expect(await cartlake('report', 'sales', ...words)).toMatchObject({
                code: 2,
                err: expect.stringContaining(message),
            });
        }
    });

    it('says what is wrong with an extract', async () => {
        for (const [words, code, message] of [
            [['custmers'], 2, 'did you mean customers?'],
            [['order_events'], 2, 'names no database to extract from'],
            [['customers', '--from', shop.url.replace('reads', 'guesses')], 2, 'check user and password'],
        ] as const) {
            expect(await cartlake('extract', ...words)).toMatchObject({ code, err: expect.stringContaining(message) });
        }
        const before = await fingerprintOf(lake);
        await shop.server.stop();
        const away = await cartlake('extract', 'customers');

        expect(away).toMatchObject({ code: 1, err: expect.stringContaining('cannot be reached') });
        expect(away.err).toContain('Next try in');
        expect(await fingerprintOf(lake)).toEqual(before);
    });
});
