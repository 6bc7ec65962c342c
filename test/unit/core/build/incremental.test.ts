import { describe, expect, it } from 'vitest';
import { testDatabase } from '#test/support/duckdb.ts';
import { aModel, aTinyLake, type TinyLake, tinyContract } from '#test/support/tiny-lake.ts';

const database = testDatabase();

const DAILY = aModel(
    'daily',
    'kind: by_date\ndate: day',
    `select distinct id, cast(happened_at as date) as day, amount from {{ ref('events') }}`,
);

/** Counts the rows of the days around each row: from `before` days earlier to `after` days later. */
const windowed = (header: string, before: number, after: number) =>
    aModel(
        'windowed',
        `kind: by_date\ndate: day\n${header}`,
        `select d.id, d.day, cast(count(e.id) as bigint) as seen
from {{ ref('daily') }} as d
left join {{ ref('daily') }} as e
    on e.day between date_add('day', ${-before}, d.day) and date_add('day', ${after}, d.day)
group by d.id, d.day`,
    );

const TOTAL = aModel(
    'total',
    'kind: table',
    `select cast(1 as bigint) as id, sum(amount) as amount from {{ ref('daily') }}`,
);

/** Rows on the first, third and fifth of January. */
async function aLake(
    models: Parameters<typeof aTinyLake>[1]['models'],
    contracts = [tinyContract()],
): Promise<TinyLake> {
    const lake = await aTinyLake(database, { models: models ?? [], contracts });
    await lake.land('first', [
        [1, '2026-01-01 10:00:00', 10],
        [3, '2026-01-03 10:00:00', 30],
        [5, '2026-01-05 10:00:00', 50],
    ]);
    return lake;
}

const datesOf = async (lake: TinyLake, model: string, run: string) => {
    const version = await lake.context.catalog.current(model);
    const built = Object.entries(version?.parts ?? {}).filter(([, { file }]) => file?.includes(`/run=${run}/`));
    return built.map(([date]) => date);
};

describe('a by_date model', () => {
    it('is built for each date of its inputs, and not again when nothing changed', async () => {
        const lake = await aLake([DAILY]);
        const first = await lake.build();
        const second = await lake.build();

        expect(first.plan.models).toMatchObject([{ model: 'daily', reason: 'never built', certain: true }]);
        expect(first.parts).toEqual({ daily: 3 });
        expect(await lake.rows('daily')).toEqual([
            { id: 1, day: '2026-01-01', amount: 10 },
            { id: 3, day: '2026-01-03', amount: 30 },
            { id: 5, day: '2026-01-05', amount: 50 },
        ]);
        expect(second.plan).toMatchObject({ components: [], models: [] });
    });

    it('is built anew only for the dates a new object touches', async () => {
        const lake = await aLake([DAILY]);
        await lake.build();
        await lake.land('more', [
            [33, '2026-01-03 11:00:00', 33],
            [7, '2026-01-07 11:00:00', 70],
        ]);
        const { plan, run } = await lake.build();

        expect(plan.models).toMatchObject([
            {
                parts: ['2026-01-03', '2026-01-07'],
                reason: '1 new date (2026-01-07), 1 date with changed inputs (2026-01-03)',
            },
        ]);
        expect(await datesOf(lake, 'daily', run)).toEqual(['2026-01-03', '2026-01-07']);
        expect((await lake.rows('daily')).map(({ id }) => id)).toEqual([1, 3, 5, 7, 33]);
    });

    it('sees the days before and after that its header names, and no others', async () => {
        const lake = await aLake([DAILY, windowed('lookback: 1\nlookahead: 2', 1, 2)]);
        await lake.build();
        expect((await lake.rows('windowed')).map(({ id, seen }) => [id, seen])).toEqual([
            [1, 2],
            [3, 2],
            [5, 1],
        ]);

        await lake.land('more', [[4, '2026-01-04 00:00:00', 40]]);
        const { plan, run } = await lake.build();

        // The fourth is inside the windows of the third (to the fifth) and the fifth (from the fourth).
        expect(plan.models.find(({ model }) => model === 'windowed')).toMatchObject({
            certain: false,
            reason: 'depends on daily',
        });
        expect(await datesOf(lake, 'windowed', run)).toEqual(['2026-01-03', '2026-01-04', '2026-01-05']);
        expect((await lake.rows('windowed')).map(({ id, seen }) => [id, seen])).toEqual([
            [1, 2],
            [3, 3],
            [4, 3],
            [5, 2],
        ]);
    });

    it('that looks back on everything is built anew from a changed date on', async () => {
        const lake = await aLake([DAILY, windowed('lookback: all', 10_000, 0)]);
        await lake.build();
        await lake.land('more', [[33, '2026-01-03 00:00:00', 1]]);
        const { run } = await lake.build();

        expect(await datesOf(lake, 'windowed', run)).toEqual(['2026-01-03', '2026-01-05']);
        expect((await lake.rows('windowed')).map(({ id, seen }) => [id, seen])).toEqual([
            [1, 1],
            [3, 3],
            [5, 4],
            [33, 3],
        ]);
    });

    it('loses dates whose inputs are gone', async () => {
        const lake = await aLake([DAILY, TOTAL]);
        await lake.land('more', [[7, '2026-01-07 00:00:00', 70]]);
        await lake.build();
        const [shard] = await lake.context.control.list('control/registry');
        const all = (await lake.context.control.read<Record<string, { key: string }>>(shard as string))?.value ?? {};
        const left = Object.fromEntries(Object.entries(all).filter(([, { key }]) => key.includes('first')));
        const etag = (await lake.context.control.read(shard as string))?.etag as string;
        await lake.context.control.replace(shard as string, left, etag);
        const { plan } = await lake.build();

        expect(plan.models[0]?.reason).toBe('1 date without inputs any more');
        expect((await lake.rows('daily')).map(({ id }) => id)).toEqual([1, 3, 5]);
        expect(await lake.rows('total')).toEqual([{ id: 1, amount: 90 }]);
    });

    it('has columns also before there is any row', async () => {
        const lake = await aTinyLake(database, { models: [DAILY, TOTAL] });
        const { changed } = await lake.build();
        const version = await lake.context.catalog.current('daily');

        expect(changed).toEqual(['daily', 'total']);
        expect(version).toMatchObject({ rows: 0, parts: {} });
        expect(version?.columns.map(({ name }) => name)).toEqual(['id', 'day', 'amount']);
        expect(await lake.rows('total')).toEqual([{ id: 1, amount: null }]);
    });

    it('is built in as many batches as its rows need, each date once', async () => {
        const lake = await aLake([DAILY]);
        const { context } = lake;
        const objects = await context.control.list('control/registry');
        const document = await context.control.read<Record<string, { dates: Record<string, number> }>>(
            objects[0] as string,
        );
        for (const object of Object.values(document?.value ?? {})) {
            object.dates = { '2026-01-01': 1_500_000, '2026-01-03': 1_500_000, '2026-01-05': 1_500_000 };
        }
        await context.control.replace(objects[0] as string, document?.value, document?.etag as string);
        const { run } = await lake.build();
        const files = (await context.blobs.list(`marts/daily/run=${run}`)).map(({ key }) => key.split('/')[3]);

        expect(files).toEqual(['batch=0', 'batch=1', 'batch=2']);
        expect((await lake.rows('daily')).map(({ id }) => id)).toEqual([1, 3, 5]);
    });
});

describe('how far a change reaches', () => {
    it('ends at a table whose rows stay the same', async () => {
        const lake = await aLake([DAILY, windowed('lookback: all', 10_000, 0), TOTAL]);
        await lake.build();
        const before = await lake.context.catalog.current('daily');
        await lake.land('duplicates', [[3, '2026-01-03 10:00:00', 30]]);
        const { plan, changed, parts } = await lake.build();
        const after = await lake.context.catalog.current('daily');

        expect(plan.models.map(({ model }) => model)).toEqual(['daily', 'total', 'windowed']);
        expect(changed).toEqual(['daily']);
        expect(parts).toEqual({ daily: 1 });
        expect(after?.content).toBe(before?.content);
        expect(after?.id).not.toBe(before?.id);
        expect((await lake.build()).plan.models).toEqual([]);
    });

    it('is everything of a model whose code changed, and of what reads other rows then', async () => {
        const lake = await aLake([DAILY, TOTAL]);
        await lake.build();
        const doubled = { ...DAILY, text: DAILY.text.replace(', amount from', ', amount * 2 as amount from') };
        const rewritten = { ...DAILY, text: DAILY.text.replace(', amount from', ', 1 * amount as amount from') };

        const { parts } = await lake.under({ models: [doubled, TOTAL] }).build();
        expect(parts).toEqual({ daily: 3, total: 1 });
        expect(await lake.rows('total')).toEqual([{ id: 1, amount: 180 }]);
        await lake.under({ models: [DAILY, TOTAL] }).build();
        expect((await lake.under({ models: [rewritten, TOTAL] }).build()).changed).toEqual(['daily']);
    });

    it('is everything that reads parameters, when a parameter changes, and nothing else', async () => {
        const priced = aModel(
            'priced',
            'kind: by_date\ndate: day',
            `select d.id, d.day, p.value from {{ ref('daily') }} as d
cross join {{ ref('contract_parameters') }} as p`,
        );
        const lake = await aLake([DAILY, priced], [tinyContract({ parameters: { price: 'net' } })]);
        await lake.build();
        const gross = lake.under({ contracts: [tinyContract({ parameters: { price: 'gross' } })] });

        expect((await gross.build()).parts).toEqual({ priced: 3 });
        expect((await gross.rows('priced')).map(({ value }) => value)).toEqual(['gross', 'gross', 'gross']);
        expect((await gross.build()).changed).toEqual([]);
    });

    it('is the dates that see how far the data reaches, when it reaches further', async () => {
        const cut = aModel(
            'cut',
            'kind: by_date\ndate: day\nlookahead: 2\nwatermark: events',
            `select d.id, d.day, w.ends_at from {{ ref('daily') }} as d cross join {{ ref('watermarks') }} as w`,
        );
        const lake = await aLake([DAILY, cut]);
        await lake.build();
        expect((await lake.rows('cut'))[0]).toMatchObject({ ends_at: '2026-01-05 10:00:00' });
        await lake.land('later', [[55, '2026-01-05 20:00:00', 1]]);
        const { parts, run } = await lake.build();

        // The first could see no further than the end of the third, however far the data reaches.
        expect(await datesOf(lake, 'cut', run)).toEqual(['2026-01-03', '2026-01-05']);
        expect(parts.cut).toBe(2);
    });

    it('takes the end of a by_date model for a watermark, in the same run', async () => {
        const cut = aModel(
            'cut',
            'kind: table\nwatermark: daily',
            `select cast(1 as bigint) as id, ends_at from {{ ref('watermarks') }}`,
        );
        const lake = await aLake([DAILY, cut]);
        await lake.build();
        expect(await lake.rows('cut')).toEqual([{ id: 1, ends_at: '2026-01-05 00:00:00' }]);
        await lake.land('later', [[6, '2026-01-06 20:00:00', 1]]);
        await lake.build();

        expect(await lake.rows('cut')).toEqual([{ id: 1, ends_at: '2026-01-06 00:00:00' }]);
    });

    it('stops at a table that a person pinned', async () => {
        const lake = await aLake([DAILY, TOTAL]);
        await lake.build();
        await lake.land('more', [[7, '2026-01-07 00:00:00', 70]]);
        await lake.build();
        await lake.context.catalog.rollback('daily', lake.context.now());
        expect((await lake.build()).changed).toEqual(['total']);
        expect(await lake.rows('total')).toEqual([{ id: 1, amount: 90 }]);

        await lake.context.catalog.release('daily');
        expect((await lake.build()).changed).toEqual(['daily', 'total']);
        expect(await lake.rows('total')).toEqual([{ id: 1, amount: 160 }]);
    });
});
