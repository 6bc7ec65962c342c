import { describe, expect, it, vi } from 'vitest';
import { addDays } from '#core/build/dates.ts';
import { resolveInput } from '#core/build/inputs.ts';
import { bindInput } from '#core/build/relations.ts';
import { neededBlobs } from '#core/vacuum/needed.ts';
import { testDatabase } from '#test/support/duckdb.ts';
import { aModel, aTinyLake, type EventRow, type TinyLake } from '#test/support/tiny-lake.ts';

const database = testDatabase();

const DAILY = aModel(
    'daily',
    'kind: by_date\ndate: day',
    `select distinct id, cast(happened_at as date) as day, amount from {{ ref('events') }}`,
);
const TOTAL = aModel(
    'total',
    'kind: table',
    `select cast(1 as bigint) as id, sum(amount) as amount, count(*) as days from {{ ref('daily') }}`,
);
const SO_FAR = aModel(
    'so_far',
    'kind: by_date\ndate: day\nlookback: all',
    `select d.id, d.day, count(e.id) as earlier from {{ ref('daily', 'own dates') }} as d
     left join {{ ref('daily') }} as e on e.day < d.day group by d.id, d.day`,
);
const NEIGHBOURS = aModel(
    'neighbours',
    'kind: by_date\ndate: day\nlookback: 1',
    `select id, day from {{ ref('daily') }}`,
);

/** A row a day, from the first of January on. */
const days = (count: number, from = 0): EventRow[] =>
    Array.from({ length: count }, (_, index) => {
        const day = addDays('2026-01-01', from + index);
        return [from + index + 1, `${day} 10:00:00`, 1];
    });

async function aLake(count: number, models = [DAILY, TOTAL]): Promise<TinyLake> {
    const lake = await aTinyLake(database, { models });
    await lake.land('first', days(count));
    await lake.build();
    return lake;
}

/** A lake whose engine takes forty dates at once. */
async function inBatches(models: readonly (typeof DAILY)[]): Promise<TinyLake> {
    const lake = await aTinyLake(database, { models: [...models] });
    Object.assign(lake.context.engine, { limits: { rows: 1_000, dates: 40 } });
    return lake;
}

const versionOf = async (lake: TinyLake, model = 'daily') => {
    const version = await lake.context.catalog.current(model);
    if (!version) throw new Error(`no ${model}`);
    return version;
};

async function rowsOf(lake: TinyLake, files: readonly string[]) {
    const { columns } = await versionOf(lake);
    return lake.context.engine.rows({
        inputs: new Map([['t', { kind: 'files', files, uniform: true, columns, narrow: undefined }]]),
        render: (bind) => `select * from ${bind('t')} as t`,
    });
}

describe('the pack of a table by date', () => {
    it('has the rows of the months that are over, in the order of their dates', async () => {
        const lake = await aLake(100);
        const { pack, parts } = await versionOf(lake);
        const rows = await rowsOf(lake, [pack?.file ?? '']);

        expect(pack?.until).toBe('2026-02-28');
        expect(rows.map(({ day }) => day)).toEqual(Object.keys(parts).filter((date) => date <= '2026-02-28'));
    });

    it('is written with the batches of a table that is written anew', async () => {
        const lake = await inBatches([DAILY, TOTAL]);
        const reread = vi.spyOn(lake.context.engine, 'pack');
        await lake.land('first', days(100));
        await lake.build();
        const { pack, parts } = await versionOf(lake);
        const rows = await rowsOf(lake, [pack?.file ?? '', ...(pack?.furtherFiles ?? [])]);

        expect(reread).not.toHaveBeenCalled();
        expect(pack?.furtherFiles).toHaveLength(1);
        expect(pack?.until).toBe('2026-02-28');
        expect(rows.map(({ day }) => day)).toEqual(Object.keys(parts).filter((date) => date <= '2026-02-28'));
        expect(await lake.rows('total')).toEqual([{ id: 1, amount: 100, days: 100 }]);
    });

    it('is written from the parts where the last dates turn out to have no rows', async () => {
        const filled = aModel(
            'daily',
            'kind: by_date\ndate: day',
            `select id, cast(happened_at as date) as day, amount from {{ ref('events') }} where amount > 0`,
        );
        const lake = await inBatches([filled, TOTAL]);
        await lake.land(
            'first',
            days(140).map(([id, at]) => [id, at, id <= 100 ? 1 : 0]),
        );
        await lake.build();
        const { pack, parts } = await versionOf(lake);
        const rows = await rowsOf(lake, [pack?.file ?? '', ...(pack?.furtherFiles ?? [])]);

        expect(pack?.until).toBe('2026-02-28');
        expect(rows.map(({ day }) => day)).toEqual(Object.keys(parts).filter((date) => date <= '2026-02-28'));
    });

    it('waits two weeks for what comes late', async () => {
        const until = async (count: number) => (await versionOf(await aLake(count))).pack?.until;

        expect(await until(31 + 28 + 31 + 13)).toBe('2026-02-28');
        expect(await until(31 + 28 + 31 + 15)).toBe('2026-03-31');
    });

    it('is read by who reads all dates, in place of its parts', async () => {
        const lake = await aLake(100);
        const input = await resolveInput({ ...lake.context, objects: async () => [] }, 'daily');
        const all = bindInput(input, { lookback: 0, lookahead: 0 }, undefined);
        const earlier = bindInput(input, { lookback: 'all', lookahead: 0 }, ['2026-03-05']);
        const { pack, parts } = await versionOf(lake);
        const single = (until: string) =>
            Object.entries(parts).flatMap(([date, { file }]) => (date > '2026-02-28' && date <= until ? [file] : []));

        expect(all).toMatchObject({ files: [pack?.file, ...single('9999-12-31')] });
        expect(earlier).toMatchObject({ files: [pack?.file, ...single('2026-03-05')] });
        expect(await lake.rows('total')).toEqual([{ id: 1, amount: 100, days: 100 }]);
    });

    it('is not read by who reads some of its dates', async () => {
        const lake = await aLake(100);
        const input = await resolveInput({ ...lake.context, objects: async () => [] }, 'daily');
        const { parts } = await versionOf(lake);
        const upTo = (date: string) => Object.entries(parts).flatMap(([day, { file }]) => (day <= date ? [file] : []));

        expect(bindInput(input, { lookback: 'all', lookahead: 0 }, ['2026-02-27'])).toMatchObject({
            files: upTo('2026-02-27'),
        });
    });

    it('stays until a month is over', async () => {
        const lake = await aLake(100);
        const before = (await versionOf(lake)).pack;
        await lake.land('next', days(1, 100));
        await lake.build();
        const after = (await versionOf(lake)).pack;
        await lake.land('weeks', days(20, 101));
        await lake.build();

        expect(after).toEqual(before);
        expect((await versionOf(lake)).pack?.until).toBe('2026-03-31');
    });

    it('is renewed when one of its dates changes', async () => {
        const lake = await aLake(100);
        const before = (await versionOf(lake)).pack;
        await lake.land('late', [[1000, '2026-01-05 12:00:00', 5]]);
        await lake.build();
        const { pack } = await versionOf(lake);

        expect(pack?.file).not.toBe(before?.file);
        expect(await rowsOf(lake, [pack?.file ?? ''])).toContainEqual({ id: 1000, day: '2026-01-05', amount: 5 });
        expect(await lake.rows('total')).toEqual([{ id: 1, amount: 105, days: 101 }]);
    });

    it('is no part of what names a version', async () => {
        const lake = await aLake(100);
        const apart = await aTinyLake(database, { models: [DAILY] });
        await apart.land('first', days(100));
        await apart.build();
        const [packed, single] = [await versionOf(lake), await versionOf(apart)];

        expect(single.pack).toBeUndefined();
        expect([packed.id, packed.content, packed.parts['2026-01-05']?.hash]).toEqual([
            single.id,
            single.content,
            single.parts['2026-01-05']?.hash,
        ]);
    });

    it('is made for those alone that a model reads whole', async () => {
        const readBy = async (model: typeof TOTAL) => (await versionOf(await aLake(100, [DAILY, model]))).pack;

        expect(await readBy(TOTAL)).toBeDefined();
        expect(await readBy(SO_FAR)).toBeDefined();
        expect(await readBy(NEIGHBOURS)).toBeUndefined();
    });

    it('is not made of few dates, nor of large ones', async () => {
        const ten = `(values (1), (2), (3), (4), (5), (6), (7), (8), (9), (10))`;
        const large = aModel(
            'daily',
            'kind: by_date\ndate: day',
            `select id * 1000000 + a * 1000 + b * 100 + c * 10 + d as id, cast(happened_at as date) as day,
                a * 7919993 + b * 104729 * c + d * 1299709 as amount
             from {{ ref('events') }} cross join ${ten} as w (a) cross join ${ten} as x (b)
             cross join ${ten} as y (c) cross join ${ten} as z (d)`,
        );

        expect((await versionOf(await aLake(58))).pack).toBeUndefined();
        expect((await versionOf(await aLake(100, [large, TOTAL]))).pack).toBeUndefined();
    });

    it('is kept by a vacuum as long as its version', async () => {
        const lake = await aLake(100);
        const pointer = await lake.context.catalog.pointer('daily');
        const { id, pack } = await versionOf(lake);
        const kept = new Map(pointer ? [[pointer, new Set([id])]] : []);

        expect((await neededBlobs(lake.context, kept)).keys).toContain(pack?.file);
    });
});
