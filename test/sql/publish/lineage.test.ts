import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DatasetMonth, MartLineage, ObjectReading } from '#core/publish/lineage.ts';
import type { PublishMart } from '#core/publish/publisher.ts';
import { aDatabase, aMart, full, type TestDatabase } from './database.ts';

let db: TestDatabase;

beforeAll(async () => {
    db = await aDatabase();
});
beforeEach(() => db.reset());
afterAll(() => db.remove());

const object = (id: string, dates: string[], fields: Partial<ObjectReading> = {}): ObjectReading => ({
    id,
    reading: 'abc',
    uri: `landing/events/${id}.csv`,
    version: `v-${id}`,
    landedAt: '2026-01-05T00:00:00.000Z',
    rows: 2,
    dates,
    ...fields,
});
const events = (version: string, ...objects: ObjectReading[]): DatasetMonth => ({
    dataset: 'events',
    month: '2026-01',
    version,
    objects: () => objects,
});
const lineage = (runs: Record<string, string>, daysBefore: number | null = 0, daysAfter: number | null = 0) =>
    ({
        parts: Object.entries(runs).map(([part, run]) => ({ part, run })),
        reads: [{ dataset: 'events', daysBefore, daysAfter }],
    }) satisfies MartLineage;
const ROW = '2026-01-01,"a",1.00,"x"';
const mart = (versionId: string, from: MartLineage, fields: Partial<PublishMart> = {}) =>
    aMart({ versionId, lineage: from, change: full(ROW), ...fields });
const publish = (runId: string, marts: PublishMart[], ...datasets: DatasetMonth[]) =>
    db.publisher.publish({ runId, marts, datasets });
const lines = () =>
    db.rows('select part, run_id, object_id from cartlake.mart_lineage order by part, run_id, object_id');
const places = (table: string) => db.rows(`select ctid::text, xmin::text, * from cartlake.${table} order by 3, 4`);

describe('the lineage of published rows', () => {
    it('leads from the date of a row to the run and the files it may depend on', async () => {
        const read = events(
            '1',
            object('o1', ['2026-01-01']),
            object('o2', ['2026-01-02', '2026-01-04']),
            object('o3', []),
        );
        await publish('r2', [mart('v1', lineage({ '2026-01-01': 'r1', '2026-01-03': 'r2' }, 1, 0))], read);

        expect(await lines()).toEqual([
            ['2026-01-01', 'r1', 'o1'],
            // A file whose dataset has no dates may be in any row.
            ['2026-01-01', 'r1', 'o3'],
            ['2026-01-03', 'r2', 'o2'],
            ['2026-01-03', 'r2', 'o3'],
        ]);
    });

    it('has every file where rows have no date, or windows no end', async () => {
        const read = events('1', object('o1', ['2026-01-01']), object('o2', ['2026-02-01']));
        const whole = mart('v1', lineage({ all: 'r1' }, null, null));
        const open = mart('v1', lineage({ '2026-01-15': 'r1' }, null, 0), { table: 'open' });
        await publish('r1', [whole, open], read);

        expect(await lines()).toEqual([
            ['2026-01-15', 'r1', 'o1'],
            ['all', 'r1', 'o1'],
            ['all', 'r1', 'o2'],
        ]);
    });

    it('leaves out files that came after the run that computed a row', async () => {
        const first = object('o1', ['2026-01-01', '2026-01-02']);
        await publish('r1', [mart('v1', lineage({ '2026-01-01': 'r1', '2026-01-02': 'r1' }))], events('1', first));
        const read = events('2', first, object('o2', ['2026-01-01', '2026-01-02']));
        await publish('r2', [mart('v2', lineage({ '2026-01-01': 'r1', '2026-01-02': 'r2' }))], read);
        const now = [
            ['2026-01-01', 'r1', 'o1'],
            ['2026-01-02', 'r2', 'o1'],
            ['2026-01-02', 'r2', 'o2'],
        ];
        expect(await lines()).toEqual(now);

        // A person went back.
        await publish('r3', [mart('v1', lineage({ '2026-01-01': 'r1', '2026-01-02': 'r1' }))], read);
        expect(await lines()).toEqual([now[0], ['2026-01-02', 'r1', 'o1']]);
    });

    it('is known of rows that were published before it was written down', async () => {
        const { lineage: _, ...before } = mart('v1', lineage({}));
        await publish('r1', [before]);
        const read = events('1', object('o1', ['2026-01-01', '2026-01-02']));
        await publish('r2', [mart('v2', lineage({ '2026-01-01': 'r1', '2026-01-02': 'r2' }))], read);

        expect(await lines()).toEqual([
            ['2026-01-01', 'r1', 'o1'],
            ['2026-01-02', 'r2', 'o1'],
        ]);
    });

    it('keeps a file that was read anew under both readings, each for the rows that were computed from it', async () => {
        const parts = { '2026-01-01': 'r1', '2026-01-02': 'r1' };
        const dates = Object.keys(parts);
        await publish('r1', [mart('v1', lineage(parts))], events('1', object('o1', dates)));
        const corrected = object('o1', dates, { reading: 'abc+1', rows: 3 });
        await publish('r2', [mart('v2', lineage({ ...parts, '2026-01-02': 'r2' }))], events('2', corrected));

        expect(await db.rows('select part, reading, rows_accepted from cartlake.mart_lineage order by part')).toEqual([
            ['2026-01-01', 'abc', '2'],
            ['2026-01-02', 'abc+1', '3'],
        ]);

        await publish('r3', [mart('v3', lineage({ ...parts, '2026-01-02': 'r3' }))], events('3', object('o1', dates)));
        expect(await db.rows(`select reading from cartlake.mart_lineage where run_id = 'r3'`)).toEqual([['abc']]);
    });

    it('is written where it changed, and nowhere else', async () => {
        const first = object('o1', ['2026-01-01']);
        const other = { ...events('1', object('u1', [])), dataset: 'users' };
        const parts = { '2026-01-01': 'r1' };
        await publish('r1', [mart('v1', lineage(parts))], events('1', first), other);
        const before = { parts: await places('mart_part'), objects: await places('object_version') };
        const inputs = await places('mart_input');
        const datasets = await places('dataset_version');
        const more = events('2', first, object('o2', ['2026-01-02']));
        await publish('r2', [mart('v2', lineage({ ...parts, '2026-01-02': 'r2' }))], more, other);

        expect(await places('mart_part')).toHaveLength(2);
        expect(await places('mart_part')).toEqual(expect.arrayContaining(before.parts));
        expect(await places('object_version')).toHaveLength(3);
        expect(await places('object_version')).toEqual(expect.arrayContaining(before.objects));
        expect(await places('mart_input')).toEqual(inputs);
        expect((await places('dataset_version')).filter(([, , dataset]) => dataset === 'users')).toEqual(
            datasets.filter(([, , dataset]) => dataset === 'users'),
        );
    });

    it('does not look at months of a dataset that are as they were', async () => {
        const unasked = { ...events('1'), month: '2026-02', objects: () => expect.fail('not asked for') };
        const february = { ...unasked, objects: () => [object('f1', ['2026-02-01'])] };
        await publish('r1', [mart('v1', lineage({ all: 'r1' }))], events('1', object('o1', ['2026-01-01'])), february);
        const read = events('2', object('o2', ['2026-01-01']));
        await publish('r2', [mart('v2', lineage({ all: 'r2' }))], read, unasked);
        expect((await lines()).map(([, , id]) => id)).toEqual(['f1', 'o2']);

        // All files of February were rejected meanwhile.
        await publish('r3', [mart('v3', lineage({ all: 'r3' }))], read);
        expect((await lines()).map(([, , id]) => id)).toEqual(['o2']);
        expect(await db.rows('select month from cartlake.dataset_version')).toEqual([['2026-01']]);
    });

    it('notes files of many months, some at once, and when a month came, went and came again', async () => {
        const month = (name: string, version: string, ids: readonly string[], dataset = 'events') => ({
            dataset,
            month: name,
            version,
            objects: () => ids.map((id) => object(`${name}-${id}`, [`${name}-01`])),
        });
        const many = Array.from({ length: 3_000 }, (_, index) => `o${index}`);
        const first = [month('2026-01', '1', many), month('2026-02', '1', many), month('2026-03', '1', ['a', 'b'])];
        const states = () =>
            db.rows(`select dataset, month, count(*), count(until), count(*) filter (where since = '-infinity')
                from cartlake.object_version group by 1, 2 order by 1, 2`);
        await publish('r1', [mart('v1', lineage({ all: 'r1' }))], ...first);
        expect(await states()).toEqual([
            ['events', '2026-01', '3000', '0', '3000'],
            ['events', '2026-02', '3000', '0', '3000'],
            ['events', '2026-03', '2', '0', '2'],
        ]);

        // A month loses a file, one goes, one is new, and so is another dataset.
        const second = [month('2026-01', '2', many.slice(1)), month('2026-03', '1', []), month('2026-04', '1', ['c'])];
        await publish('r2', [mart('v2', lineage({ all: 'r2' }))], ...second, month('2026-04', '1', ['u'], 'users'));
        expect(await states()).toEqual([
            ['events', '2026-01', '3000', '1', '3000'],
            ['events', '2026-02', '3000', '3000', '3000'],
            ['events', '2026-03', '2', '0', '2'],
            ['events', '2026-04', '1', '0', '0'],
            ['users', '2026-04', '1', '0', '1'],
        ]);

        await publish('r3', [mart('v3', lineage({ all: 'r3' }))], ...first, month('2026-04', '1', []));
        expect(await states()).toMatchObject([
            ['events', '2026-01', '3000', '0', '2999'],
            ['events', '2026-02', '3000', '0', '0'],
            ['events', '2026-03', '2', '0', '2'],
            ['events', '2026-04', '1', '0', '0'],
            ['users', '2026-04', '1', '0', '1'],
        ]);
    });

    it('forgets dates and inputs a table does not have any more', async () => {
        const read = events('1', object('o1', ['2026-01-01']));
        await publish('r1', [mart('v1', lineage({ '2026-01-01': 'r1', '2026-01-02': 'r1' }))], read);
        const changed = { parts: [{ part: '2026-01-01', run: 'r2' }], reads: [] };
        await publish('r2', [mart('v2', changed)], read);

        expect(await db.rows('select part, run_id, version_id from cartlake.mart_part')).toEqual([
            ['2026-01-01', 'r2', 'v2'],
        ]);
        expect(await db.rows('select * from cartlake.mart_input')).toEqual([]);
    });

    it('is not there when its publication failed', async () => {
        const twice = full(ROW, ROW);
        const failing = publish('r1', [mart('v1', lineage({ all: 'r1' }), { change: twice })], events('1'));

        await expect(failing).rejects.toThrow();
        expect(await db.rows(`select to_regclass('cartlake.mart_lineage')`)).toEqual([[null]]);
    });

    it('takes names as they are, never as SQL', async () => {
        const uri = `landing/events/it's "x"; drop table marts.sales; --.csv`;
        await publish('r1', [mart('v1', lineage({ all: "r'1" }, null, null))], events('1', object("o'1", [], { uri })));

        expect(await db.rows('select run_id, object_id, uri from cartlake.mart_lineage')).toEqual([
            ["r'1", "o'1", uri],
        ]);
    });

    it('leads rows that carry their line to the file it stands in', async () => {
        const columns = [
            { name: 'id', type: 'bigint' },
            { name: '_source_uri', type: 'varchar' },
            { name: '_source_row', type: 'bigint' },
        ] as const;
        const change = full('1,"landing/events/week.zip!/day.json",7');
        const read = events('1', object('o1', [], { uri: 'landing/events/week.zip' }));
        const carrying = aMart({ columns, key: ['id'], lineage: lineage({ all: 'r1' }, null, null), change });
        await publish('r1', [carrying], read);

        expect(
            await db.rows(
                `select l.run_id, l.object_id, r._source_uri, r._source_row
                    from marts.sales r join cartlake.mart_lineage l
                    on l.mart = 'sales' and l.part = 'all' and l.uri = split_part(r._source_uri, '!/', 1)
                    where r.id = 1`,
            ),
        ).toEqual([['r1', 'o1', 'landing/events/week.zip!/day.json', '7']]);
    });
});
