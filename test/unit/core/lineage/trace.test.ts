import { describe, expect, it } from 'vitest';
import { traceRows } from '#core/lineage/trace.ts';
import type { Model } from '#core/models/model.ts';
import { testDatabase } from '#test/support/duckdb.ts';
import { aModel, aTinyLake, type TinyLake } from '#test/support/tiny-lake.ts';

const database = testDatabase();
const LINES = aModel(
    'facts',
    'kind: by_date\ndate: day',
    `select id, cast(happened_at as date) as day, amount, 'landing/events/' || _source_uri || '.csv' as _source_uri,
     'v1' as _source_version, 3 as _source_row from {{ ref('events') }}`,
);
// An event that comes on two days is two rows.
const FACTS = { ...LINES, text: LINES.text.replace('key: [id]', 'key: [id, day]') };
const SUMS = aModel('sums', 'kind: table', `select id, sum(amount) as amount from {{ ref('facts') }} group by id`);
const TOTAL = aModel(
    'total',
    'kind: table',
    `select 1 as id, count(*) as lines, cast(max(amount) as varchar) as "it's" from {{ ref('sums') }}`,
);

async function aLake(): Promise<TinyLake> {
    const lake = await aTinyLake(database, { models: [FACTS, SUMS, TOTAL] });
    await lake.land('first', [
        [7, '2026-01-01 10:00:00', 10],
        [8, '2026-01-02 10:00:00', 20],
    ]);
    await lake.land('second', [[7, '2026-01-03 10:00:00', 30]]);
    await lake.build();
    return lake;
}

const trace = ({ context }: TinyLake, model: string, wanted: Record<string, string>) =>
    traceRows(context, context.graph.models.get(model) as Model, wanted);

describe('the lineage of rows', () => {
    it('is the line they carry, with its object, and the run that made them', async () => {
        const lake = await aLake();
        const found = await trace(lake, 'facts', { id: '8' });

        expect(found).toMatchObject({ model: 'facts', run: 'build-1-1', how: 'exact', rows: [{ id: 8, amount: 20 }] });
        expect(found.steps).toMatchObject([
            {
                relation: 'facts',
                where: { id: '8' },
                origins: [
                    {
                        uri: 'landing/events/first.csv',
                        row: 3,
                        object: expect.stringMatching(/^[0-9a-f]{32}$/),
                        execution: expect.stringMatching(/-1$/),
                    },
                ],
            },
        ]);
    });

    it('is followed through inputs by the values they share, where rows are computed from several', async () => {
        const found = await trace(await aLake(), 'sums', { id: '7', amount: '40' });

        expect(found).toMatchObject({ how: 'by_values', rows: [{ id: 7 }] });
        // No row of the input has the sum as its amount.
        expect(found.steps[0]).toMatchObject({ relation: 'facts', where: { id: '7' } });
    });

    it('names every line of a key', async () => {
        const found = await trace(await aLake(), 'sums', { id: '7' });

        expect(found.steps[0]?.origins.map(({ uri }) => uri)).toEqual([
            'landing/events/first.csv',
            'landing/events/second.csv',
        ]);
    });

    it('is not known where no input has the values', async () => {
        expect(await trace(await aLake(), 'total', { lines: '2' })).toMatchObject({ how: 'unknown', steps: [] });
    });

    it('takes values and names as they are, never as SQL', async () => {
        const lake = await aLake();

        await expect(trace(lake, 'facts', { id: "8' or '1'='1" })).rejects.toThrow('facts has no row with id=8');
        expect(await trace(lake, 'total', { "it's": '40' })).toMatchObject({ rows: [{ lines: 2 }] });
    });

    it.each([
        ['no column', {}, 'Name rows of facts by its columns, such as id=... day=...'],
        ['another column', { nr: '1' }, 'there is no column nr. Its columns: id, day'],
        ['no row', { id: '99' }, 'facts has no row with id=99.'],
    ])('is refused for %s', async (_, wanted, message) => {
        await expect(trace(await aLake(), 'facts', wanted)).rejects.toThrow(message);
    });

    it('is refused for a table that was never built', async () => {
        const lake = await aTinyLake(database, { models: [FACTS] });

        await expect(trace(lake, 'facts', { id: '1' })).rejects.toThrow('The table facts was never built.');
    });
});
