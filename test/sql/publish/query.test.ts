import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { selectRows } from '#adapters/postgres/query.ts';
import { TransientError, UsageError } from '#core/errors.ts';
import { aDatabase, aMart, type TestDatabase } from './database.ts';

let db: TestDatabase;

beforeAll(async () => {
    db = await aDatabase();
    await db.publisher.publish({ runId: 'r1', marts: [aMart()] });
});
afterAll(() => db.remove());

describe('a query of the command line', () => {
    it('finds marts without naming their schema and answers in text, with types', async () => {
        expect(await selectRows(db.url, 'select day, amount, note from sales order by amount limit 2;')).toEqual({
            columns: [
                { name: 'day', type: 'date' },
                { name: 'amount', type: 'numeric' },
                { name: 'note', type: 'text' },
            ],
            rows: [
                ['2026-01-01', '1.00', 'x'],
                ['2026-01-01', '2.00', null],
            ],
        });
    });

    it('keeps columns apart that have the same name', async () => {
        expect((await selectRows(db.url, 'select 1 as n, 2 as n')).rows).toEqual([['1', '2']]);
    });

    it('answers with columns when there are no rows', async () => {
        const { columns, rows } = await selectRows(db.url, 'select shop from sales where false');

        expect(columns).toEqual([{ name: 'shop', type: 'text' }]);
        expect(rows).toEqual([]);
    });

    it.each([
        ['a write', 'delete from sales', /cannot execute DELETE in a read-only transaction/],
        ['two statements', 'commit; delete from marts.sales', /multiple commands/],
        ['a syntax error', 'selekt 1', /syntax error at or near "selekt"/],
        ['an unknown table', 'select * from nowhere', /"nowhere" does not exist/],
        ['a value that does not cast', `select 'x'::bigint`, /invalid input syntax/],
    ])('is refused for %s, with what the server said', async (_, sql, message) => {
        const refused = selectRows(db.url, sql);

        await expect(refused).rejects.toThrow(UsageError);
        await expect(refused).rejects.toThrow(message);
        expect(await db.rows('select count(*) from marts.sales')).toEqual([['3']]);
    });

    it('cannot switch the transaction to writing for a later statement', async () => {
        await selectRows(db.url, 'set transaction read write').catch(() => undefined);

        await expect(selectRows(db.url, 'delete from sales')).rejects.toThrow(/read-only/);
    });

    it('that takes too long may be tried again', async () => {
        const slow = selectRows(db.url, 'select pg_sleep(5)', { statement: 50, lock: 50 });

        await expect(slow).rejects.toThrow(TransientError);
    });
});
