import { describe, expect, it } from 'vitest';
import { diffVersions } from '#core/history/diff.ts';
import { versionMeant } from '#core/history/versions.ts';
import type { Model } from '#core/models/model.ts';
import { testDatabase } from '#test/support/duckdb.ts';
import { aModel, aTinyLake, type TinyLake } from '#test/support/tiny-lake.ts';

const database = testDatabase();
const DAILY = aModel(
    'daily',
    'kind: by_date\ndate: day',
    `select id, cast(happened_at as date) as day, max(amount) as amount from {{ ref('events') }} group by 1, 2`,
);
const wider = { ...DAILY, text: DAILY.text.replace('as amount', "as amount, 'x' as note") };
const renamed = {
    ...DAILY,
    text: DAILY.text.replace('key: [id]', 'key: [nr]').replace('select id,', 'select id as nr,'),
};

async function aLake(): Promise<TinyLake> {
    const lake = await aTinyLake(database, { models: [DAILY] });
    await lake.land('first', [
        [1, '2026-01-01 10:00:00', 10],
        [2, '2026-01-02 10:00:00', 20],
        [3, '2026-01-03 10:00:00', null],
    ]);
    await lake.build();
    return lake;
}

async function diff(lake: TinyLake, limit = 10) {
    const { catalog, engine, graph } = lake.context;
    const [before, after] = await Promise.all(
        ['previous', 'current'].map((text) => versionMeant(catalog, 'daily', text)),
    );
    return diffVersions(engine, graph.models.get('daily') as Model, { before: before!, after: after! }, limit);
}

describe('the difference of two versions', () => {
    it('counts and shows rows added, removed and changed by key, with the columns that differ', async () => {
        const lake = await aLake();
        await lake.land('more', [
            [3, '2026-01-03 11:00:00', 7],
            [4, '2026-01-04 10:00:00', 40],
        ]);
        await lake.under({ models: [{ ...DAILY, text: DAILY.text.replace('group', 'where id <> 1 group') }] }).build();

        expect(await diff(lake)).toEqual({
            added: 1,
            removed: 1,
            changed: 1,
            changedColumns: { amount: 1 },
            columns: { added: [], removed: [], retyped: [] },
            rows: [
                { change: 'removed', key: { id: 1 }, before: { day: '2026-01-01', amount: 10 }, after: undefined },
                { change: 'changed', key: { id: 3 }, before: { amount: null }, after: { amount: 7 } },
                { change: 'added', key: { id: 4 }, before: undefined, after: { day: '2026-01-04', amount: 40 } },
            ],
        });
        expect((await diff(lake, 1)).rows).toHaveLength(1);
        expect(await diff(lake, 0)).toMatchObject({ added: 1, rows: [] });
    });

    it('finds a row that went to another date once, as changed', async () => {
        const lake = await aLake();
        await lake.land('other', [[9, '2026-01-05 10:00:00', 1]]);
        const text = DAILY.text.replace(
            'cast(happened_at as date) as day',
            "case when id = 2 then date '2026-01-03' else cast(happened_at as date) end as day",
        );
        await lake
            .under({ models: [{ ...DAILY, text: text.replace('date: day', 'date: day\nlookback: all') }] })
            .build();

        expect(await diff(lake)).toMatchObject({ added: 1, removed: 0, changed: 1, changedColumns: { day: 1 } });
    });

    it('tells columns that only one version has and compares the others', async () => {
        const lake = await aLake();
        await lake.under({ models: [wider] }).build();

        const found = await diff(lake);
        expect(found).toMatchObject({ added: 0, removed: 0, changed: 0, columns: { added: ['note'] } });
    });

    it('is refused where a version lacks the key', async () => {
        const lake = await aLake();
        const other = lake.under({ models: [renamed] });
        await other.build();

        await expect(diff(other)).rejects.toThrow('cannot be compared by its key (nr): one of them has no column nr');
    });
});
