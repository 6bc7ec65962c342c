import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DataError } from '#core/errors.ts';
import type { PublishColumn, PublishMart } from '#core/publish/publisher.ts';
import { aDatabase, aMart, full, type TestDatabase } from './database.ts';

let db: TestDatabase;

beforeAll(async () => {
    db = await aDatabase();
});
beforeEach(async () => {
    await db.reset();
    await db.publisher.publish({ runId: 'r1', marts: [aMart()] });
});
afterAll(() => db.remove());

const day: PublishColumn = { name: 'day', type: 'date' };
const shop: PublishColumn = { name: 'shop', type: 'varchar' };
const amount: PublishColumn = { name: 'amount', type: 'decimal(18,2)' };

async function republish(fields: Partial<PublishMart>) {
    const [published] = await db.publisher.publish({ runId: 'r2', marts: [aMart({ versionId: 'v2', ...fields })] });
    return published;
}

const key = () =>
    db.rows(
        `select pg_get_constraintdef(oid) from pg_constraint where contype = 'p' and conrelid = 'marts.sales'::regclass`,
    );

describe('publishing a table that changed its shape', () => {
    it('adds, drops and retypes columns in place', async () => {
        const published = await republish({
            columns: [day, shop, { name: 'amount', type: 'double' }, { name: 'is_open', type: 'boolean' }],
            change: full('2026-01-01,"a",1.5,true', '2026-01-01,"b",2.5,', '2026-01-02,"a",,false'),
        });

        expect(published).toMatchObject({ inserted: 0, updated: 3, deleted: 0 });
        expect(await db.rows('select * from marts.sales order by day, shop')).toEqual([
            ['2026-01-01', 'a', '1.5', 't'],
            ['2026-01-01', 'b', '2.5', null],
            ['2026-01-02', 'a', null, 'f'],
        ]);
    });

    it('retypes a column whose old values do not cast', async () => {
        const note: PublishColumn = { name: 'note', type: 'bigint' };

        await republish({ columns: [day, shop, amount, note], change: full('2026-01-01,"a",1,42') });

        expect(await db.rows('select note from marts.sales')).toEqual([['42']]);
    });

    it.each([
        ['is narrower', ['day'], 'PRIMARY KEY (day)'],
        ['is wider', ['day', 'shop', 'amount'], 'PRIMARY KEY (day, shop, amount)'],
        ['is another', ['amount'], 'PRIMARY KEY (amount)'],
    ])('rebuilds the rows when the key %s', async (_, columns, definition) => {
        const change = full('2026-01-01,"a",1,"x"', '2026-01-02,"b",2,"y"');

        const published = await republish({ key: columns, change });

        expect(published).toMatchObject({ inserted: 2, deleted: 3 });
        expect(await key()).toEqual([[definition]]);
    });

    it('rebuilds the rows when a key column changes its type', async () => {
        const published = await republish({
            columns: [day, { name: 'shop', type: 'bigint' }, amount],
            change: full('2026-01-01,1,1'),
        });

        expect(published).toMatchObject({ inserted: 1, deleted: 3 });
        expect(await key()).toEqual([['PRIMARY KEY (day, shop)']]);
    });

    it('takes a column out of the key and out of the table at once', async () => {
        await republish({ key: ['day'], columns: [day, amount], change: full('2026-01-01,1') });

        expect(await db.rows('select * from marts.sales')).toEqual([['2026-01-01', '1.00']]);
    });

    it('writes comments that changed', async () => {
        const columns = (description: string) => [{ ...day, description }, shop, amount];
        await republish({ purpose: 'First.', columns: columns('One.'), change: full() });

        const mart = aMart({ versionId: 'v3', purpose: 'Second.', columns: columns('Two.'), change: full() });
        await db.publisher.publish({ runId: 'r3', marts: [mart] });

        expect(
            await db.rows(
                `select obj_description('marts.sales'::regclass), col_description('marts.sales'::regclass, 1)`,
            ),
        ).toEqual([['Second.', 'Two.']]);
    });
});

describe("somebody's view on a published table", () => {
    it('stays through changes of rows and new columns', async () => {
        await db.rows('create view public.mine as select shop, note from marts.sales');
        const extra: PublishColumn = { name: 'extra', type: 'bigint' };

        await republish({
            columns: [day, shop, amount, { name: 'note', type: 'varchar' }, extra],
            change: full('2026-01-01,"z",1,"n",5'),
        });

        expect(await db.rows('select * from public.mine')).toEqual([['z', 'n']]);
        await db.rows('drop view public.mine');
    });

    it.each([
        ['dropped', [day, shop, amount]],
        ['retyped', [day, shop, amount, { name: 'note', type: 'bigint' } as const]],
    ])('is named when it needs a column that would be %s, and nothing changes', async (_, columns) => {
        await db.rows('create view public.mine as select shop, note from marts.sales');
        const before = await db.rows('select * from marts.sales');

        const refused = republish({
            columns,
            change: full(columns.length === 3 ? '2026-01-01,"a",1' : '2026-01-01,"a",1,2'),
        });

        await expect(refused).rejects.toThrow(DataError);
        await expect(refused).rejects.toThrow(/marts\.sales.*view (public\.)?mine depends on.*Drop what depends/);
        expect(await db.rows('select * from marts.sales')).toEqual(before);
        await db.rows('drop view public.mine');
    });

    it('under the name of a mart is left alone', async () => {
        await db.rows('create view marts.report as select 1 as one');

        const refused = db.publisher.publish({ runId: 'r2', marts: [aMart({ table: 'report' })] });

        await expect(refused).rejects.toThrow(DataError);
        await expect(refused).rejects.toThrow(/marts\.report should be a table.*kind "v".*Rename or drop it/);
    });
});
