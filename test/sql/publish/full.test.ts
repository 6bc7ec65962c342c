import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aDatabase, aMart, full, type TestDatabase, unreadable } from './database.ts';

let db: TestDatabase;

beforeAll(async () => {
    db = await aDatabase();
});
beforeEach(() => db.reset());
afterAll(() => db.remove());

const sales = () => db.rows('select day, shop, amount, note from marts.sales order by day, shop');

describe('publishing a full table', () => {
    it('creates it with its types, key and comments', async () => {
        const mart = aMart({
            purpose: "Each shop's day.",
            columns: [
                { name: 'day', type: 'date', description: "It's the local day." },
                { name: 'shop', type: 'varchar' },
                { name: 'amount', type: 'decimal(18,2)' },
                { name: 'note', type: 'varchar' },
            ],
        });

        expect(await db.publisher.publish({ runId: 'r1', marts: [mart] })).toEqual([
            { mart: 'sales', inserted: 3, updated: 0, deleted: 0, skipped: false },
        ]);

        expect(await sales()).toEqual([
            ['2026-01-01', 'a', '1.00', 'x'],
            ['2026-01-01', 'b', '2.00', null],
            ['2026-01-02', 'a', '3.00', ''],
        ]);
        expect(
            await db.rows(
                `select pg_get_constraintdef(oid) from pg_constraint where contype = 'p' and conrelid = 'marts.sales'::regclass`,
            ),
        ).toEqual([['PRIMARY KEY (day, shop)']]);
        expect(
            await db.rows(
                `select obj_description('marts.sales'::regclass), col_description('marts.sales'::regclass, 1)`,
            ),
        ).toEqual([["Each shop's day.", "It's the local day."]]);
    });

    it('has a PostgreSQL type for every column type and keeps the values', async () => {
        const mart = aMart({
            table: 'types',
            key: ['i'],
            columns: [
                { name: 'i', type: 'bigint' },
                { name: 'f', type: 'double' },
                { name: 'b', type: 'boolean' },
                { name: 't', type: 'varchar' },
                { name: 'd', type: 'date' },
                { name: 'ts', type: 'timestamp' },
                { name: 'm', type: 'decimal(18,2)' },
            ],
            change: full(
                '9007199254740993,0.1,true,"a ""b"", c\n\\.",2026-02-28,2026-02-28 23:59:59.999,-1234567890123456.78',
                '2,NaN,false,"\\N",,,',
            ),
        });

        await db.publisher.publish({ runId: 'r1', marts: [mart] });

        expect(await db.rows('select * from marts.types order by i desc')).toEqual([
            [
                '9007199254740993',
                '0.1',
                't',
                'a "b", c\n\\.',
                '2026-02-28',
                '2026-02-28 23:59:59.999',
                '-1234567890123456.78',
            ],
            ['2', 'NaN', 'f', '\\N', null, null, null],
        ]);
        expect(
            await db.rows(
                `select format_type(atttypid, atttypmod) from pg_attribute where attrelid = 'marts.types'::regclass and attnum > 0 order by attnum`,
            ),
        ).toEqual(
            [
                'bigint',
                'double precision',
                'boolean',
                'text',
                'date',
                'timestamp(3) without time zone',
                'numeric(18,2)',
            ].map((type) => [type]),
        );
    });

    it('applies the difference and leaves equal rows untouched', async () => {
        await db.publisher.publish({ runId: 'r1', marts: [aMart()] });
        const before = await db.rows(`select ctid, xmin from marts.sales where shop = 'a' and day = '2026-01-01'`);
        const change = full('2026-01-01,"a",1.00,"x"', '2026-01-02,"a",3.00,', '2026-01-03,"c",4.00,"new"');

        const published = await db.publisher.publish({ runId: 'r2', marts: [aMart({ versionId: 'v2', change })] });

        expect(published).toEqual([{ mart: 'sales', inserted: 1, updated: 1, deleted: 1, skipped: false }]);
        expect(await sales()).toEqual([
            ['2026-01-01', 'a', '1.00', 'x'],
            ['2026-01-02', 'a', '3.00', null],
            ['2026-01-03', 'c', '4.00', 'new'],
        ]);
        expect(await db.rows(`select ctid, xmin from marts.sales where shop = 'a' and day = '2026-01-01'`)).toEqual(
            before,
        );
    });

    it('empties a table, and fills an empty one', async () => {
        await db.publisher.publish({ runId: 'r1', marts: [aMart({ change: full() })] });
        expect(await sales()).toEqual([]);
        const [filled] = await db.publisher.publish({ runId: 'r2', marts: [aMart({ versionId: 'v2' })] });
        expect(filled).toMatchObject({ inserted: 3 });

        const [emptied] = await db.publisher.publish({
            runId: 'r3',
            marts: [aMart({ versionId: 'v3', change: full() })],
        });

        expect(emptied).toMatchObject({ deleted: 3 });
        expect(await sales()).toEqual([]);
    });

    it('takes a table whose columns are all in the key', async () => {
        const mart = aMart({
            table: 'pairs',
            key: ['a', 'b'],
            columns: [
                { name: 'a', type: 'bigint' },
                { name: 'b', type: 'bigint' },
            ],
        });
        await db.publisher.publish({ runId: 'r1', marts: [{ ...mart, change: full('1,1', '1,2') }] });

        const [published] = await db.publisher.publish({
            runId: 'r2',
            marts: [{ ...mart, versionId: 'v2', change: full('1,2', '1,3') }],
        });

        expect(published).toMatchObject({ inserted: 1, updated: 0, deleted: 1 });
    });

    it('quotes names that look like something else', async () => {
        const mart = aMart({
            table: 'select"; drop',
            key: ['Order'],
            columns: [
                { name: 'Order', type: 'bigint' },
                { name: 'from "x"', type: 'varchar', description: "a'b" },
            ],
        });
        await db.publisher.publish({ runId: "r'1", marts: [{ ...mart, change: full('1,"x"') }] });

        await db.publisher.publish({ runId: 'r2', marts: [{ ...mart, versionId: 'v2', change: full('1,"y"') }] });

        expect(await db.rows('select * from marts."select""; drop"')).toEqual([['1', 'y']]);
    });
});

describe('the publish log', () => {
    it('keeps the history, with rows touched and the total', async () => {
        await db.publisher.publish({ runId: 'r1', marts: [aMart()] });
        await db.publisher.publish({
            runId: 'r2',
            marts: [aMart({ versionId: 'v2', change: full('2026-01-01,"a",9,"x"') })],
        });

        expect(
            await db.rows(
                'select mart, run_id, version_id, inserted, updated, deleted, total_rows from cartlake.publish_log order by id',
            ),
        ).toEqual([
            ['sales', 'r1', 'v1', '3', '0', '0', '3'],
            ['sales', 'r2', 'v2', '0', '1', '2', '1'],
        ]);
    });

    it('makes a repeated run a no-op that does not read its rows', async () => {
        await db.publisher.publish({ runId: 'r1', marts: [aMart()] });

        const again = await db.publisher.publish({
            runId: 'r1',
            marts: [aMart({ change: { kind: 'full', rows: unreadable() } })],
        });

        expect(again).toEqual([{ mart: 'sales', inserted: 0, updated: 0, deleted: 0, skipped: true }]);
        expect(await db.rows('select count(*) from cartlake.publish_log')).toEqual([['1']]);
    });

    it('answers which version of which table is current', async () => {
        expect(await db.publisher.currentVersions()).toEqual(new Map());
        await db.publisher.publish({ runId: 'r1', marts: [aMart(), aMart({ table: 'other' })] });
        await db.publisher.publish({ runId: 'r2', marts: [aMart({ versionId: 'v2' })] });

        expect(await db.publisher.currentVersions()).toEqual(
            new Map([
                ['sales', 'v2'],
                ['other', 'v1'],
            ]),
        );
    });

    it('is not believed about a table that somebody dropped or altered', async () => {
        await db.publisher.publish({ runId: 'r1', marts: [aMart()] });
        await db.rows('drop table marts.sales');
        expect(await db.publisher.currentVersions()).toEqual(new Map());
        expect(await db.publisher.publish({ runId: 'r1', marts: [aMart()] })).toMatchObject([
            { inserted: 3, skipped: false },
        ]);

        await db.rows('alter table marts.sales drop column note');
        expect(await db.publisher.publish({ runId: 'r1', marts: [aMart()] })).toMatchObject([
            { updated: 2, skipped: false },
        ]);
        expect(await sales()).toHaveLength(3);
    });

    it('is left alone when there is nothing to publish', async () => {
        expect(await db.publisher.publish({ runId: 'r1', marts: [] })).toEqual([]);
        expect(await db.rows(`select to_regclass('cartlake.publish_log')`)).toEqual([[null]]);
    });
});
