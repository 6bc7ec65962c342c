import { describe, expect, it, vi } from 'vitest';
import { haltOnFailure } from '#core/build/check.ts';
import { runFiles } from '#core/build/run.ts';
import { DataError } from '#core/errors.ts';
import { testDatabase } from '#test/support/duckdb.ts';
import { aModel, aTinyLake, type EventRow, type TinyLake } from '#test/support/tiny-lake.ts';

const database = testDatabase();

const dailyWith = (checks: string, more = '') =>
    aModel(
        'daily',
        `kind: by_date\ndate: day\n${more}checks:\n${checks}`,
        `select id, cast(happened_at as date) as day, amount from {{ ref('events') }}`,
    );
const tableWith = (checks: string) =>
    aModel('table', `kind: table\nchecks:\n${checks}`, `select id, happened_at, amount from {{ ref('events') }}`);

const GOOD: readonly EventRow[] = [
    [1, '2026-05-30 10:00:00', 10],
    [2, '2026-05-31 10:00:00', 20],
];
const TWICE: readonly EventRow[] = [[2, '2026-05-31 11:00:00', 5]];

const NO_AMOUNT: readonly EventRow[] = [[9, '2026-05-30 12:00:00', null]];

async function aLake(...models: ReturnType<typeof aModel>[]): Promise<TinyLake> {
    const lake = await aTinyLake(database, { models });
    await lake.land('good', GOOD);
    return lake;
}

const checksOf = async (lake: TinyLake, run: string, model: string) =>
    (await runFiles(lake.context.blobs, lake.context.control, run).checks(model))?.results;

describe('a check that passes', () => {
    it('is written down and lets the version through', async () => {
        const lake = await aLake(dailyWith('- unique: [id]\n- not_null: [id, amount]'));
        const { run, changed, halted } = await lake.build();

        expect({ changed, halted }).toEqual({ changed: ['daily'], halted: [] });
        expect(await checksOf(lake, run, 'daily')).toMatchObject([
            { severity: 'halt', status: 'pass', failing: 0 },
            { severity: 'halt', status: 'pass', failing: 0 },
        ]);
    });
});

describe('a check that fails', () => {
    it('halts the model: readers keep the last good version, and the run says so', async () => {
        const lake = await aLake(dailyWith('- unique: [id]'));
        await lake.build();
        await lake.land('twice', TWICE);
        const { run, changed, halted } = await lake.build();

        expect({ changed, halted }).toEqual({ changed: [], halted: ['daily'] });
        expect(await lake.rows('daily')).toHaveLength(2);
        expect(await checksOf(lake, run, 'daily')).toMatchObject([{ status: 'fail', failing: 1 }]);
        expect(await runFiles(lake.context.blobs, lake.context.control, run).halted()).toMatchObject([
            { model: 'daily', reason: expect.stringMatching(/^The new version of daily fails .*\(1 rows\)/) },
        ]);
    });

    it('halts the same rows again at the next build, until the model is corrected', async () => {
        const lake = await aLake(dailyWith('- not_null: [amount]'));
        await lake.land('bad', NO_AMOUNT);
        expect((await lake.build()).halted).toEqual(['daily']);
        expect((await lake.build()).halted).toEqual(['daily']);

        const tolerant = lake.under({ models: [dailyWith('- not_null: [id]')] });
        expect(await tolerant.build()).toMatchObject({ changed: ['daily'], halted: [] });
        expect(await tolerant.rows('daily')).toHaveLength(3);
    });

    it('only warns where its severity says so', async () => {
        const lake = await aLake(dailyWith('- not_null: {columns: [amount], severity: warn}'));
        await lake.land('bad', NO_AMOUNT);
        const { run, changed, halted } = await lake.build();

        expect({ changed, halted }).toEqual({ changed: ['daily'], halted: [] });
        expect((await checksOf(lake, run, 'daily'))?.slice(1)).toMatchObject([
            { severity: 'warn', status: 'warn', failing: 1 },
        ]);
    });

    it('leaves what reads the model with the last good version, or waiting', async () => {
        const total = aModel(
            'total',
            'kind: table',
            `select cast(1 as bigint) as id, count(*) as n from {{ ref('daily') }}`,
        );
        const lake = await aLake(dailyWith('- unique: [id]'), total);
        await lake.land('twice', TWICE);
        const { run, halted } = await lake.build();

        expect(halted.toSorted()).toEqual(['daily', 'total']);
        const reasons = await runFiles(lake.context.blobs, lake.context.control, run).halted();
        expect(reasons.find(({ model }) => model === 'total')?.reason).toBe(
            'total waits for daily, which has no good version yet. See cartlake status.',
        );
    });
});

describe('a check of a table without rows', () => {
    const empty = async (checks: string) => {
        const lake = await aTinyLake(database, { models: [tableWith(checks)] });
        const asked = vi.spyOn(lake.context.engine, 'rows');
        const { run, halted } = await lake.build();
        return { halted, statements: asked.mock.calls.length, results: await checksOf(lake, run, 'table') };
    };

    it('passes without being asked, where it looks at each row', async () => {
        const { halted, statements, results } = await empty('- unique: [id]\n- not_null: [id, amount]');

        expect({ halted, statements }).toEqual({ halted: [], statements: 0 });
        expect(results?.map(({ status, failing }) => [status, failing])).toEqual([
            ['pass', 0],
            ['pass', 0],
        ]);
    });

    it.each([
        '- not_null: [no_column]',
        '- unique: [no_column]',
        '- accepted_values: {column: no_column, values: [a]}',
    ])('is still refused where it names a column there is not: %s', async (check) => {
        expect((await empty(check)).halted).toEqual(['table']);
    });

    it('still fails where it is about the table', async () => {
        const { halted } = await empty('- freshness: {column: happened_at, atMostDays: 1}');

        expect(halted).toEqual(['table']);
    });
});

describe('a table', () => {
    it('is checked whole, also when its rows are what they were', async () => {
        const lake = await aLake(tableWith('- not_null: [id]'));
        await lake.land('bad', NO_AMOUNT);
        await lake.build();

        expect((await lake.under({ models: [tableWith('- not_null: [amount]')] }).build()).halted).toEqual(['table']);
    });
});

describe('a by_date model', () => {
    it('is checked on its changed dates alone', async () => {
        const lake = await aLake(dailyWith('- not_null: [id]'));
        await lake.land('bad', NO_AMOUNT);
        await lake.build();
        const strict = lake.under({ models: [dailyWith('- not_null: [amount]')] });
        await lake.land('next', [[10, '2026-06-01 00:00:00', 1]]);

        // Rows of the other dates are what they were: they were checked when they came.
        expect(await strict.build()).toMatchObject({ changed: ['daily'], halted: [] });
    });

    it('passes checks on nothing when no row of it changed', async () => {
        const lake = await aLake(dailyWith('- unique: [id]\n- row_count_delta: {atMost: 0.1}\n- not_null: [amount]'));
        await lake.build();
        const same = dailyWith('- unique: [id]\n- row_count_delta: {atMost: 0.2}\n- not_null: [amount]');

        expect((await lake.under({ models: [same] }).build()).halted).toEqual([]);
    });

    it('compares the number of rows date by date, not with its whole past', async () => {
        const lake = await aLake(dailyWith('- row_count_delta: {atMost: 0.5}'));
        await lake.build();
        await lake.land('new day', [
            [5, '2026-06-01 00:00:00', 1],
            [6, '2026-06-01 00:00:00', 1],
        ]);
        expect((await lake.build()).halted).toEqual([]);

        await lake.land(
            'flood',
            Array.from({ length: 9 }, (_, n) => [100 + n, '2026-06-01 01:00:00', 1] as const),
        );
        const { halted, run } = await lake.build();
        expect(halted).toEqual(['daily']);
        expect((await checksOf(lake, run, 'daily'))?.slice(1)).toMatchObject([
            { observed: '11 rows', expected: '2 rows, give or take 50 %' },
        ]);
    });

    it('compares sums with other tables over its changed dates', async () => {
        const copy = aModel(
            'copy',
            'kind: by_date\ndate: day',
            `select id, cast(happened_at as date) as day, amount from {{ ref('events') }}`,
        );
        const lake = await aLake(
            copy,
            dailyWith('- reconcile: {column: amount, other: copy, otherColumn: amount, tolerance: 0}'),
        );
        await lake.build();
        await lake.land('more', [[5, '2026-06-01 00:00:00', 7]]);
        const { halted, run } = await lake.build();

        expect(halted).toEqual([]);
        expect((await checksOf(lake, run, 'daily'))?.slice(1)).toMatchObject([
            { status: 'pass', observed: '7', expected: '7' },
        ]);
    });

    it('is fresh or not as a whole', async () => {
        const checks = '- freshness: {column: day, atMostDays: 3}';
        const lake = await aLake(dailyWith(checks));
        await lake.build();
        await lake.land('old', [[5, '2026-01-01 00:00:00', 1]]);

        // The clock stands on the first of June; the new date is old, the newest is not.
        expect((await lake.build()).halted).toEqual([]);
    });
});

describe('a table', () => {
    it('is checked as a whole, and compared with its last version', async () => {
        const lake = await aLake(tableWith('- row_count_delta: {atMost: 0.5}'));
        expect((await lake.build()).halted).toEqual([]);
        await lake.land('more', [
            [3, '2026-06-01 00:00:00', 1],
            [4, '2026-06-01 00:00:00', 1],
        ]);

        expect((await lake.build()).halted).toEqual(['table']);
    });

    it('may be checked against rows of other tables', async () => {
        const daily = dailyWith('- not_null: [id]');
        const lake = await aLake(daily, tableWith('- relationship: {column: id, to: daily, toColumn: id}'));

        expect((await lake.build()).halted).toEqual([]);
    });
});

describe('haltOnFailure', () => {
    const result = {
        check: 'unique id',
        severity: 'halt',
        status: 'fail',
        failing: 3,
        observed: undefined,
        expected: undefined,
    } as const;

    it('names every failed check with what was found', () => {
        const results = [
            result,
            { ...result, check: 'fresh', observed: '2026-01-01', expected: 'at most 3 days' },
            { ...result, check: 'fine', status: 'pass', failing: 0 },
        ] as const;

        expect(() => haltOnFailure('daily', results)).toThrow(DataError);
        expect(() => haltOnFailure('daily', results)).toThrow(
            'The new version of daily fails unique id (3 rows), fresh (found 2026-01-01, expected at most 3 days). Readers keep the last good version.',
        );
    });

    it('lets warnings pass', () => {
        expect(() => haltOnFailure('daily', [{ ...result, severity: 'warn', status: 'warn' }])).not.toThrow();
    });
});
