import { describe, expect, it } from 'vitest';
import { createCatalog } from '#core/catalog/catalog.ts';
import type { TypeScriptModel } from '#core/models/model.ts';
import { anAthenaLake } from '#test/support/athena/lake.ts';
import { testDatabase } from '#test/support/duckdb.ts';
import { aModel, aTinyLake, type EventRow, type TinyLake } from '#test/support/tiny-lake.ts';

const database = testDatabase();
const DAILY = aModel(
    'daily',
    'kind: by_date\ndate: happened_on\nchecks:\n  - not_null: [amount]',
    `select distinct id, amount, cast(happened_at as date) as happened_on from {{ ref('events') }}`,
);
const TOTALS = aModel(
    'totals',
    'kind: table\nlookback: 0',
    `select happened_on, amount as id, count(*) as copies from {{ ref('daily') }} group by happened_on, amount`,
).text.replace('key: [id]', 'key: [happened_on, id]');
const LARGEST: TypeScriptModel = {
    name: 'largest',
    purpose: 'The largest amount.',
    grain: 'one row',
    key: ['id'],
    kind: 'table',
    dateColumn: undefined,
    lookback: 0,
    lookahead: 0,
    watermark: undefined,
    checks: [],
    publish: undefined,
    language: 'typescript',
    refs: ['totals'],
    columns: [{ name: 'id', type: 'bigint' }],
    code: '1',
    build: (inputs) => [{ id: Math.max(...inputs.rows('totals').map((row) => Number(row.id))) }],
};
const SOURCES = { models: [DAILY, { name: 'models/totals.sql', text: TOTALS }], typescriptModels: [LARGEST] };

/** A lake whose tables are computed by Athena. */
async function onAthena(): Promise<TinyLake & { scans(): number }> {
    const athena = await anAthenaLake(database);
    const lake = await aTinyLake(database, SOURCES);
    Object.assign(lake.context, {
        blobs: athena.blobs,
        catalog: createCatalog(lake.context.control, athena.blobs),
        engine: { ...athena.engine, build: athena.build },
    });
    return { ...lake, scans: () => athena.services.queries.size };
}

const FIRST: EventRow[] = [
    [1, '2026-01-01 10:00:00', 5],
    [2, '2026-01-01 11:00:00', 5],
    [3, '2026-01-02 10:00:00', 7],
];
const tablesOf = async (lake: TinyLake) =>
    Promise.all(['daily', 'totals', 'largest'].map(async (model) => [model, await lake.rows(model)]));

describe('a lake on Athena', () => {
    it('has the tables of a lake on DuckDB, models in TypeScript and a changed date included', async () => {
        const athena = await onAthena();
        const duckdb = await aTinyLake(database, SOURCES);
        for (const lake of [athena, duckdb]) {
            await lake.land('first', FIRST);
            await lake.build();
            await lake.land('second', [[4, '2026-01-02 12:00:00', 9]]);
            expect(await lake.build()).toMatchObject({ changed: ['daily', 'totals', 'largest'], parts: { daily: 1 } });
        }

        expect(await tablesOf(athena)).toEqual(await tablesOf(duckdb));
        expect((await athena.rows('largest'))[0]).toEqual({ id: 9 });
    });

    it('goes no further where rows turn out equal', async () => {
        const lake = await onAthena();
        await lake.land('first', FIRST);
        await lake.build();
        await lake.land('again', FIRST.slice(0, 1));

        expect((await lake.build()).changed).toEqual(['daily']);
    });

    it('asks nothing when nothing changed', async () => {
        const lake = await onAthena();
        await lake.land('first', FIRST);
        await lake.build();
        const before = lake.scans();
        await lake.build();

        expect(lake.scans()).toBe(before);
    });

    it('halts a model whose check finds bad rows', async () => {
        const lake = await onAthena();
        await lake.land('first', [[1, '2026-01-01 10:00:00', null]]);

        expect((await lake.build()).halted).toContain('daily');
    });
});
