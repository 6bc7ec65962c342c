import { describe, expect, it } from 'vitest';
import { UsageError } from '#core/errors.ts';
import type { Model } from '#core/models/model.ts';
import { backfill, previewBackfill } from '#core/replay/backfill.ts';
import { testDatabase } from '#test/support/duckdb.ts';
import { aModel, aTinyLake, type TinyLake } from '#test/support/tiny-lake.ts';

const database = testDatabase();
const DAILY = aModel(
    'daily',
    'kind: by_date\ndate: day',
    `select id, cast(happened_at as date) as day, max(amount) as amount from {{ ref('events') }} group by 1, 2`,
);
const SUMS = aModel('sums', 'kind: table', `select id, sum(amount) as amount from {{ ref('daily') }} group by id`);

async function aLake(): Promise<TinyLake> {
    const lake = await aTinyLake(database, { models: [DAILY, SUMS] });
    await lake.land('first', [
        [1, '2026-01-01 10:00:00', 10],
        [2, '2026-01-02 10:00:00', 20],
        [3, '2026-01-03 10:00:00', 30],
    ]);
    await lake.build();
    return lake;
}

const scopeOf = ({ context }: TinyLake, model: string, from?: string, to?: string) => ({
    model: context.graph.models.get(model) as Model,
    from,
    to,
});

describe('a backfill', () => {
    it('computes the dates again that were asked for, and nothing that follows when no row changed', async () => {
        const lake = await aLake();
        const before = await lake.rows('daily');
        const parts = await backfill(lake.context, scopeOf(lake, 'daily', '2026-01-02', '2026-01-03'));
        expect(await lake.rows('daily')).toEqual(before);
        const ran = await lake.build();

        expect(parts).toEqual(['2026-01-02', '2026-01-03']);
        expect(ran.parts).toEqual({ daily: 2 });
        expect(await lake.rows('daily')).toEqual(before);
        expect((await lake.build()).changed).toEqual([]);
    });

    it('computes a table without dates whole', async () => {
        const lake = await aLake();

        expect(await backfill(lake.context, scopeOf(lake, 'sums'))).toEqual(['all']);
        expect((await lake.build()).parts).toEqual({ sums: 1 });
    });

    it('is told beforehand with what it reads and what may follow, without doing anything', async () => {
        const lake = await aLake();
        const { models } = await previewBackfill(lake.context, scopeOf(lake, 'daily', '2026-01-02', '2026-01-02'));

        expect(models).toMatchObject([
            { model: 'daily', parts: ['2026-01-02'], certain: true },
            { model: 'sums', certain: false },
        ]);
        const sums = await previewBackfill(lake.context, scopeOf(lake, 'sums'));
        expect(sums.models).toMatchObject([{ model: 'sums', parts: ['all'], certain: true }]);
        expect(sums.models[0]?.bytes).toBeGreaterThan(0);
        expect((await lake.build()).changed).toEqual([]);
    });

    it('is refused for dates without rows, for a table that was never built, and for a pinned one', async () => {
        const lake = await aLake();
        const ask = (model: string, from?: string) => backfill(lake.context, scopeOf(lake, model, from));
        await expect(ask('daily', '2027-01-01')).rejects.toThrow(
            'daily has no rows between 2027-01-01 and its last date: nothing to compute again.',
        );
        await lake.land('more', [[9, '2026-01-01 11:00:00', 1]]);
        await lake.build();
        await lake.context.catalog.rollback('daily', lake.context.now());
        await expect(ask('daily')).rejects.toThrow('daily is pinned: release it first');

        const empty = await aTinyLake(database, { models: [DAILY] });
        const never = backfill(empty.context, scopeOf(empty, 'daily'));
        await expect(never).rejects.toThrow(UsageError);
        await expect(never).rejects.toThrow('was never built');
    });
});
