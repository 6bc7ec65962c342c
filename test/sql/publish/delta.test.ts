import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ConflictError, DataError, TransientError } from '#core/errors.ts';
import type { PublishMart } from '#core/publish/publisher.ts';
import { StaleBaseError } from '#core/publish/stale-base-error.ts';
import { aDatabase, aMart, csv, type TestDatabase, unreadable } from './database.ts';

let db: TestDatabase;

beforeAll(async () => {
    db = await aDatabase();
});
beforeEach(async () => {
    await db.reset();
    await db.publisher.publish({ runId: 'r1', marts: [aMart()] });
});
afterAll(() => db.remove());

function aDelta(upserts: string[], deletes: string[], fields: Partial<PublishMart> = {}): PublishMart {
    const change = { kind: 'delta', baseVersionId: 'v1', upserts: csv(...upserts), deletes: csv(...deletes) } as const;
    return aMart({ versionId: 'v2', change, ...fields });
}

const publish = (mart: PublishMart) => db.publisher.publish({ runId: 'r2', marts: [mart] });
const sales = () => db.rows('select day, shop, amount, note from marts.sales order by day, shop');

describe('publishing what changed', () => {
    it('updates, inserts and deletes by key and touches nothing else', async () => {
        const untouched = await db.rows(`select ctid, xmin from marts.sales where day = '2026-01-02'`);

        const published = await publish(
            aDelta(['2026-01-01,"a",1.50,"x"', '2026-01-03,"c",4.00,'], ['2026-01-01,"b"', '2020-01-01,"never there"']),
        );

        expect(published).toEqual([{ mart: 'sales', inserted: 1, updated: 1, deleted: 1, skipped: false }]);
        expect(await sales()).toEqual([
            ['2026-01-01', 'a', '1.50', 'x'],
            ['2026-01-02', 'a', '3.00', ''],
            ['2026-01-03', 'c', '4.00', null],
        ]);
        expect(await db.rows(`select ctid, xmin from marts.sales where day = '2026-01-02'`)).toEqual(untouched);
        expect(
            await db.rows('select version_id, total_rows from cartlake.publish_log order by id desc limit 1'),
        ).toEqual([['v2', '3']]);
    });

    it('finds few rows of a large table by their keys, and still knows how many rows there are', async () => {
        await db.reset();
        const rows = Array.from({ length: 200 }, (_, shop) => `2026-01-01,"${shop}",1.00,`);
        await db.publisher.publish({
            runId: 'r1',
            marts: [aMart({ change: { kind: 'full', rows: csv(...rows) } })],
        });

        expect(
            await publish(
                aDelta(['2026-01-01,"7",2.00,', '2026-01-02,"7",3.00,'], ['2026-01-01,"8"', '2026-01-01,"7"']),
            ),
        ).toMatchObject([{ inserted: 1, updated: 1, deleted: 1 }]);

        expect(await db.rows(`select day, amount from marts.sales where shop in ('7', '8') order by day`)).toEqual([
            ['2026-01-01', '2.00'],
            ['2026-01-02', '3.00'],
        ]);
        const [[logged], [counted]] = [
            await db.rows('select total_rows from cartlake.publish_log order by id desc limit 1'),
            await db.rows('select count(*) from marts.sales'),
        ] as [[string[]], [string[]]];
        expect(logged).toEqual(counted);
    });

    it('leaves equal rows alone among few rows of a large table, and those that are all key', async () => {
        const shops = Array.from({ length: 200 }, (_, shop) => shop);
        const keys = (mart: Partial<PublishMart>) =>
            aMart({
                table: 'pairs',
                columns: aMart().columns.filter(({ name }) => aMart().key.includes(name)),
                ...mart,
            });
        await db.reset();
        const rows = csv(...shops.map((shop) => `2026-01-01,"${shop}",1.00,`));
        const pairs = csv(...shops.map((shop) => `2026-01-01,"${shop}"`));
        await db.publisher.publish({
            runId: 'r1',
            marts: [aMart({ change: { kind: 'full', rows } }), keys({ change: { kind: 'full', rows: pairs } })],
        });
        const seven = `select ctid, xmin from marts.sales where shop = '7'`;
        const before = await db.rows(seven);
        const few = (...upserts: string[]) =>
            ({ kind: 'delta', baseVersionId: 'v1', upserts: csv(...upserts), deletes: csv() }) as const;

        const published = await db.publisher.publish({
            runId: 'r2',
            marts: [
                aMart({ versionId: 'v2', change: few('2026-01-01,"7",1.00,', '2026-01-01,"8",1.00,"x"') }),
                keys({ versionId: 'v2', change: few('2026-01-01,"7"', '2026-01-01,"new"') }),
            ],
        });

        expect(published).toMatchObject([
            { inserted: 0, updated: 1 },
            { inserted: 1, updated: 0 },
        ]);
        expect(await db.rows(seven)).toEqual(before);
    });

    it('leaves readers with the rows of before while those of the next table are on their way', async () => {
        const before = await sales();
        let seen: unknown;
        async function* slowly() {
            seen = await sales();
            yield '2026-01-01,"a",1.00,\n';
        }
        await db.publisher.publish({
            runId: 'r2',
            marts: [
                aDelta(['2026-01-01,"a",7.00,'], ['2026-01-01,"b"']),
                aMart({ table: 'next', change: { kind: 'full', rows: slowly() } }),
            ],
        });

        expect(seen).toEqual(before);
        expect(await sales()).not.toEqual(before);
    });

    it('counts rows that come again as they are as untouched', async () => {
        expect(await publish(aDelta(['2026-01-01,"b",2.00,'], []))).toMatchObject([
            { inserted: 0, updated: 0, deleted: 0 },
        ]);
    });

    it('keeps a row whose key is both deleted and upserted', async () => {
        expect(await publish(aDelta(['2026-01-01,"a",7,"moved"'], ['2026-01-01,"a"', '2026-01-01,"a"']))).toMatchObject(
            [{ inserted: 0, updated: 1, deleted: 0 }],
        );
        expect((await sales())[0]).toEqual(['2026-01-01', 'a', '7.00', 'moved']);
    });

    it('reads delete keys in the order of the key, not of the columns', async () => {
        await db.reset();
        await db.publisher.publish({ runId: 'r1', marts: [aMart({ key: ['shop', 'day'] })] });

        expect(await publish(aDelta([], ['"b",2026-01-01'], { key: ['shop', 'day'] }))).toMatchObject([{ deleted: 1 }]);
    });

    it('is skipped when its version is current, though its base no longer is', async () => {
        await publish(aDelta(['2026-01-01,"b",5,'], []));
        const change = { kind: 'delta', baseVersionId: 'v1', upserts: unreadable(), deletes: unreadable() } as const;

        expect(await publish(aMart({ versionId: 'v2', change }))).toMatchObject([{ skipped: true }]);
    });

    it('refuses rows that are not unique, naming the key', async () => {
        const refused = publish(aDelta(['2026-01-01,"b",5,', '2026-01-01,"b",6,'], []));

        await expect(refused).rejects.toThrow(DataError);
        await expect(refused).rejects.toThrow(
            /marts\.sales.*\(day, shop\)=\(2026-01-01, b\) is duplicated.*correct the model/,
        );
    });
});

describe('a change whose base is not what is published', () => {
    async function refusal(mart: PublishMart): Promise<StaleBaseError> {
        const before = await sales().catch(() => undefined);
        const error = await publish(mart).then(
            () => undefined,
            (thrown: unknown) => thrown,
        );
        expect(error).toBeInstanceOf(StaleBaseError);
        expect(await sales().catch(() => undefined)).toEqual(before);
        return error as StaleBaseError;
    }

    it('is refused without reading it when another version is published', async () => {
        const change = { kind: 'delta', baseVersionId: 'v0', upserts: unreadable(), deletes: unreadable() } as const;

        const error = await refusal(aMart({ versionId: 'v2', change }));

        expect(error.message).toMatch(/computed against version v0, published is v1.*publish again/);
        expect(error.table).toBe('sales');
    });

    it('is refused when nothing is published under that name', async () => {
        expect((await refusal(aDelta([], [], { table: 'other' }))).message).toMatch(/marts\.other .*does not exist/);
        await db.rows('create table marts.made (day date, shop text, amount numeric(18,2), note text)');
        expect((await refusal(aDelta([], [], { table: 'made' }))).message).toMatch(/published is none/);
    });

    it.each([
        ['more columns', 'alter table marts.sales add extra text'],
        ['another type', 'alter table marts.sales alter note type date using null'],
        [
            'another key',
            'alter table marts.sales drop constraint sales_pkey; alter table marts.sales add primary key (day, shop, amount)',
        ],
    ])('is refused when the table has %s', async (_, alteration) => {
        await db.rows(alteration);

        expect((await refusal(aDelta([], []))).message).toMatch(/other columns or another key/);
    });

    it('is worth a retry, and is not taken for success', async () => {
        const error = await refusal(aDelta([], [], { table: 'other' }));

        expect(error).toBeInstanceOf(TransientError);
        expect(error).not.toBeInstanceOf(ConflictError);
        expect(error.name).toBe('TransientError');
    });

    it('takes the other marts of the run with it', async () => {
        const marts = [aMart({ table: 'first' }), aDelta([], [], { table: 'other' })];

        await expect(db.publisher.publish({ runId: 'r2', marts })).rejects.toThrow(StaleBaseError);

        expect(await db.rows(`select to_regclass('marts.first')`)).toEqual([[null]]);
    });
});
