import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PRELUDE } from '#adapters/duckdb/prelude.ts';
import { checkSql } from '#core/models/check-sql.ts';
import { compileModels } from '#core/models/compile.ts';
import type { Check } from '#core/models/model.ts';

const graph = compileModels({
    files: [
        {
            name: 'stg_users.sql',
            text: "/* ---\nmodel: stg_users\npurpose: A test.\ngrain: one row per user\nkind: view\n--- */\nselect id from {{ ref('users') }}",
        },
    ],
    typescriptModels: [],
    datasets: ['users'],
    dateDatasets: [],
});
let connection: DuckDBConnection;

beforeAll(async () => {
    connection = await (await DuckDBInstance.create(':memory:')).connect();
    for (const statement of PRELUDE) await connection.run(statement);
    await connection.run('create table users as select * from (values (1), (2), (null)) t(id)');
    await connection.run(`create table built as select * from (values
        (1, 1, 'a', cast(1.50 as decimal(18, 2)), date '2024-03-01'),
        (1, 2, 'b', cast(2.50 as decimal(18, 2)), date '2024-03-02'),
        (1, 9, 'it''s', null, null),
        (null, null, null, null, null)) t(k, user_id, word, money, day)`);
    await connection.run('create table earlier as from range(6)');
    await connection.run('create table empty as from built limit 0');
});
afterAll(() => connection.closeSync());

/** A check without the fields that do not change its query. */
type Stated = Check extends infer C ? (C extends Check ? Omit<C, 'name' | 'severity'> : never) : never;

async function evaluate(check: Stated, thisRelation = '(select * from built)', previousRelation?: string) {
    const sql = checkSql({ name: 'test', severity: 'halt', ...check } as Check, {
        graph,
        model: 'tested',
        thisRelation,
        previousRelation,
        builtOn: '2024-03-04',
        bind: (leaf) => leaf,
    });
    const reader = await connection.runAndReadAll(sql);
    expect(reader.columnTypes().map(String)).toEqual(['BIGINT', 'VARCHAR', 'VARCHAR']);
    return reader.getRowObjectsJson();
}

const counted = (failing: number) => [{ failing: String(failing), observed: null, expected: null }];
const judged = (failing: number, observed: string | null, expected: string | null) => [
    { failing: String(failing), observed, expected },
];

describe('a check counts the bad rows', () => {
    it('unique: the copies beyond the first', async () => {
        expect(await evaluate({ kind: 'unique', columns: ['k'] })).toEqual(counted(2));
        expect(await evaluate({ kind: 'unique', columns: ['k', 'user_id'] })).toEqual(counted(0));
        expect(await evaluate({ kind: 'unique', columns: ['k'] }, 'empty')).toEqual(counted(0));
    });

    it('not_null: rows with a null in any of the columns', async () => {
        expect(await evaluate({ kind: 'not_null', columns: ['k', 'money'] })).toEqual(counted(2));
        expect(await evaluate({ kind: 'not_null', columns: ['k'] }, 'empty')).toEqual(counted(0));
    });

    it('accepted_values: other values, but not nulls; numbers as text', async () => {
        expect(await evaluate({ kind: 'accepted_values', column: 'word', values: ['a', "it's"] })).toEqual(counted(1));
        expect(await evaluate({ kind: 'accepted_values', column: 'k', values: ['1'] })).toEqual(counted(0));
    });

    it('relationship: values that the other relation, dataset or view, lacks', async () => {
        const check = { kind: 'relationship', column: 'user_id', toColumn: 'id' } as const;

        expect(await evaluate({ ...check, to: 'users' })).toEqual(counted(1));
        expect(await evaluate({ ...check, to: 'stg_users' })).toEqual(counted(1));
        expect(await evaluate({ ...check, column: 'k', to: 'users' })).toEqual(counted(0));
    });

    it('relationship: to the model itself means the version being checked', async () => {
        expect(await evaluate({ kind: 'relationship', column: 'user_id', to: 'tested', toColumn: 'k' })).toEqual(
            counted(2),
        );
    });

    it('rows: what the query returns, with a comment at its end', async () => {
        const sql =
            "select k from {{ ref('this') }} where user_id not in (select id from {{ ref('stg_users') }} where id is not null) -- why";

        expect(await evaluate({ kind: 'rows', sql })).toEqual(counted(1));
    });
});

describe('a check judges the table', () => {
    it('row_count_delta: against the earlier version, both ways, at most the share', async () => {
        const check = { kind: 'row_count_delta', atMost: 0.25 } as const;
        const expected = (rows: number) => `${rows} rows, give or take 25 %`;

        expect(await evaluate(check, 'built', 'earlier')).toEqual(judged(1, '4 rows', expected(6)));
        expect(await evaluate(check, 'earlier', 'built')).toEqual(judged(1, '6 rows', expected(4)));
        expect(await evaluate({ ...check, atMost: 0.5 }, 'earlier', 'built')).toEqual(
            judged(0, '6 rows', '4 rows, give or take 50 %'),
        );
    });

    it('row_count_delta: passes at the first build and after an empty version', async () => {
        const check = { kind: 'row_count_delta', atMost: 0.25 } as const;

        expect(await evaluate(check, 'built')).toMatchObject([{ failing: '0' }]);
        expect(await evaluate(check, 'built', 'empty')).toMatchObject([{ failing: '0' }]);
    });

    it('reconcile: sums differ by at most the tolerance; the sum of nothing is nothing', async () => {
        const check = { kind: 'reconcile', column: 'money', other: 'users', otherColumn: 'id' } as const;

        expect(await evaluate({ ...check, tolerance: 1 })).toEqual(judged(0, '4.00', '3'));
        expect(await evaluate({ ...check, tolerance: 0.99 })).toEqual(judged(1, '4.00', '3'));
        expect(await evaluate({ ...check, tolerance: 3 }, 'empty')).toEqual(judged(0, null, '3'));
    });

    it('freshness: the newest date is at most so many days before the build; nothing is not fresh', async () => {
        const check = { kind: 'freshness', column: 'day' } as const;

        expect(await evaluate({ ...check, atMostDays: 2 })).toEqual(
            judged(0, '2024-03-02', 'at most 2 days before 2024-03-04'),
        );
        expect(await evaluate({ ...check, atMostDays: 1 })).toMatchObject([{ failing: '1' }]);
        expect(await evaluate({ ...check, atMostDays: 1 }, 'empty')).toMatchObject([{ failing: '1', observed: null }]);
    });
});
