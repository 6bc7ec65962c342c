import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { publishRun } from '#core/build/publish-run.ts';
import { publishedVersions } from '#core/build/published.ts';
import { describeRun } from '#core/build/steps.ts';
import type { PublishRun } from '#core/publish/publisher.ts';
import { objectsOf } from '#core/registry/registry.ts';
import { testDatabase } from '#test/support/duckdb.ts';
import { aModel, aTinyLake, type TinyLake } from '#test/support/tiny-lake.ts';

const database = testDatabase();

const DAILY = aModel(
    'daily',
    'kind: by_date\ndate: day\npublish: daily_marts',
    `select id, cast(happened_at as date) as day, max(amount) as amount from {{ ref('events') }} group by 1, 2`,
);
const WHOLE = aModel(
    'whole',
    'kind: table\npublish: whole_marts',
    `select id, max(amount) as amount from {{ ref('events') }} group by id`,
);
const LATE = 'kind: table\nchecks:\n  - accepted_values: {column: amount, values: ["1"], severity: warn}';
const PRIVATE = aModel('private', 'kind: table', `select id from {{ ref('daily') }}`);

async function aLake(...models: ReturnType<typeof aModel>[]): Promise<TinyLake> {
    const lake = await aTinyLake(database, { models });
    await lake.land('first', [
        [1, '2026-01-01 10:00:00', 10],
        [2, '2026-01-02 10:00:00', 20],
    ]);
    return lake;
}

const scratchOf = async (lake: TinyLake) => {
    const folder = await lake.context.blobs.scratch();
    await lake.context.removeScratch(folder);
    return readdir(join(folder, '..'));
};

describe('publishing a run', () => {
    it('sends each published table whole the first time, and no other', async () => {
        const lake = await aLake(DAILY, WHOLE, PRIVATE);
        await lake.build({ publish: true });

        expect(lake.context.publisher.sent).toEqual([
            { table: 'daily_marts', kind: 'full', rows: '1,2026-01-01,10\n2,2026-01-02,20\n', deletes: '' },
            { table: 'whole_marts', kind: 'full', rows: '1,10\n2,20\n', deletes: '' },
        ]);
        expect(await publishedVersions(lake.context.control)).toEqual(
            Object.fromEntries(lake.context.publisher.versions),
        );
        expect(await scratchOf(lake)).toEqual([]);
    });

    it('says with each table how fresh and complete it is', async () => {
        const lake = await aLake(DAILY, { ...WHOLE, text: WHOLE.text.replace('kind: table', LATE) });
        const sent = new Map<string, unknown>();
        lake.context.publisher.beforePublish = ({ marts }) => {
            for (const { table, quality } of marts) sent.set(table, quality);
        };
        await lake.build({ publish: true });

        const asOf = expect.stringMatching(/Z$/);
        const known = { asOf, watermark: '2026-01-02T10:00:00.000Z', read: 2, accepted: 2, behind: [] };
        expect(sent.get('daily_marts')).toEqual({
            ...known,
            checks: { passed: expect.any(Number), warned: [] },
            grade: 'A',
        });
        expect(sent.get('whole_marts')).toEqual({
            ...known,
            checks: { passed: expect.any(Number), warned: [expect.stringContaining('amount')] },
            grade: 'C',
        });
    });

    it('says with each table which run computed its parts, and what was read of the datasets', async () => {
        const lake = await aLake(DAILY, WHOLE);
        await lake.build({ publish: true });
        await lake.land('more', [[3, '2026-01-03 11:00:00', 30]]);
        const sent: PublishRun[] = [];
        lake.context.publisher.beforePublish = (run) => sent.push(run);
        await lake.build({ publish: true });

        const lineage = new Map(sent[0]?.marts.map(({ table, lineage }) => [table, lineage]));
        expect(lineage.get('daily_marts')).toEqual({
            parts: [
                { part: '2026-01-01', run: 'build-1-1' },
                { part: '2026-01-02', run: 'build-1-1' },
                { part: '2026-01-03', run: 'build-2-1' },
            ],
            reads: [{ dataset: 'events', daysBefore: 0, daysAfter: 0 }],
        });
        expect(lineage.get('whole_marts')).toEqual({
            parts: [{ part: 'all', run: 'build-2-1' }],
            reads: [{ dataset: 'events', daysBefore: null, daysAfter: null }],
        });
        const [id = ''] = (await objectsOf(lake.context.control, 'events')).map((object) => object.id);
        const version = expect.stringMatching(/^[0-9a-f]{32}$/);
        expect(sent[0]?.datasets).toMatchObject([{ dataset: 'events', month: '2026-01', version }]);
        const objects = sent[0]?.datasets?.[0]?.objects() ?? [];
        expect(objects).toHaveLength(2);
        expect(objects[0]).toMatchObject({ id, reading: expect.stringMatching(/^[0-9a-f]{8}$/) });
        expect(objects.flatMap(({ dates }) => dates).sort()).toEqual(['2026-01-01', '2026-01-02', '2026-01-03']);
    });

    it('sends nothing when nothing changed', async () => {
        const lake = await aLake(DAILY, WHOLE);
        await lake.build({ publish: true });
        lake.context.publisher.sent.length = 0;
        await lake.build({ publish: true });

        expect(lake.context.publisher.sent).toEqual([]);
    });

    it('tells of tables that did not change how fresh and complete they are now', async () => {
        const lake = await aLake(DAILY, WHOLE);
        await lake.build({ publish: true });
        const told: unknown[] = [];
        lake.context.publisher.beforePublish = ({ marts, unchanged = [] }) => {
            told.push(...marts.map(({ table }) => table), ...unchanged);
        };
        // Equal rows: no table changes, but more was read.
        await lake.land('again', [[2, '2026-01-02 10:00:00', 20]]);
        await lake.build({ publish: true });

        const quality = expect.objectContaining({ read: 3, accepted: 3, behind: [], grade: 'A' });
        const versionId = expect.any(String);
        expect(told).toContainEqual({ table: 'daily_marts', versionId, quality });
        expect(told).toContainEqual({ table: 'whole_marts', versionId, quality });
    });

    it('tells of a table that was halted, and of those computed from it, what they wait for', async () => {
        const lake = await aLake(DAILY, WHOLE);
        await lake.build({ publish: true });
        const told = new Map<string, unknown>();
        lake.context.publisher.beforePublish = ({ marts, unchanged = [] }) => {
            for (const { table, quality } of [...marts, ...unchanged]) told.set(table, quality);
        };
        const halts =
            'kind: table\npublish: whole_marts\nchecks:\n  - accepted_values: {column: amount, values: ["1"]}';
        const strict = { ...WHOLE, text: WHOLE.text.replace('kind: table\npublish: whole_marts', halts) };
        await lake.land('more', [[3, '2026-01-03 11:00:00', 30]]);
        await lake.under({ models: [DAILY, strict] }).build({ publish: true });

        expect(told.get('whole_marts')).toMatchObject({ behind: ['whole'], grade: 'D', watermark: undefined });
        expect(told.get('daily_marts')).toMatchObject({ behind: [], grade: 'A' });
    });

    it('sends only rows that are new, changed or gone', async () => {
        const lake = await aLake(DAILY, WHOLE);
        await lake.build({ publish: true });
        lake.context.publisher.sent.length = 0;
        await lake.land('more', [
            [2, '2026-01-02 11:00:00', 25],
            [3, '2026-01-03 11:00:00', 30],
        ]);
        const moved = lake.under({
            models: [{ ...WHOLE, text: WHOLE.text.replace('group by id', 'where id > 1 group by id') }, DAILY],
        });
        await moved.build({ publish: true });

        expect(lake.context.publisher.sent).toEqual([
            { table: 'daily_marts', kind: 'delta', rows: expect.any(String), deletes: '' },
            { table: 'whole_marts', kind: 'delta', rows: expect.any(String), deletes: '1\n' },
        ]);
        const lines = lake.context.publisher.sent.map(({ rows }) => rows.trim().split('\n').sort());
        expect(lines).toEqual([
            ['2,2026-01-02,25', '3,2026-01-03,30'],
            ['2,25', '3,30'],
        ]);
    });

    it('sends a table whole when its columns changed', async () => {
        const lake = await aLake(WHOLE);
        await lake.build({ publish: true });
        const wider = { ...WHOLE, text: WHOLE.text.replace('as amount from', "as amount, 'x' as note from") };
        await lake.under({ models: [wider] }).build({ publish: true });

        expect(lake.context.publisher.sent.at(-1)).toMatchObject({ kind: 'full', rows: '1,10,"x"\n2,20,"x"\n' });
    });

    it('sends a table whole when nobody knows the published version any more', async () => {
        const lake = await aLake(WHOLE);
        await lake.build({ publish: true });
        lake.context.publisher.versions.set('whole_marts', 'somebody else wrote this');
        await lake.land('more', [[3, '2026-01-03 11:00:00', 30]]);
        await lake.build({ publish: true });

        expect(lake.context.publisher.sent.at(-1)).toMatchObject({ kind: 'full', rows: '1,10\n2,20\n3,30\n' });
    });

    it('sends what is missing to a database that was emptied', async () => {
        const lake = await aLake(WHOLE);
        await lake.build({ publish: true });
        lake.context.publisher.versions.clear();
        await lake.build({ publish: true });

        expect(lake.context.publisher.sent.map(({ kind }) => kind)).toEqual(['full', 'full']);
    });

    it('goes back in the database too when a person rolled a table back', async () => {
        const lake = await aLake(WHOLE);
        await lake.build({ publish: true });
        await lake.land('more', [[3, '2026-01-03 11:00:00', 30]]);
        await lake.build({ publish: true });
        await lake.context.catalog.rollback('whole', lake.context.now());
        await lake.build({ publish: true });

        expect(lake.context.publisher.sent.at(-1)).toEqual({
            table: 'whole_marts',
            kind: 'delta',
            rows: '',
            deletes: '3\n',
        });
    });

    it('is not believed to be missing after a crash between publishing and noting it', async () => {
        const lake = await aLake(WHOLE);
        lake.context.control.beforeWrite = (key) => {
            if (key === 'control/published') throw new Error('killed');
        };
        await expect(lake.build({ publish: true })).rejects.toThrow('killed');
        lake.context.control.beforeWrite = () => undefined;
        const plan = await describeRun(lake.context, 'preview', 0);
        expect(plan.unpublished).toEqual(['whole_marts']);

        await lake.build({ publish: true });
        expect(lake.context.publisher.sent).toHaveLength(1);
        expect((await describeRun(lake.context, 'preview', 0)).unpublished).toEqual([]);
    });

    it('leaves no scratch files when it fails', async () => {
        const lake = await aLake(WHOLE);
        lake.context.publisher.beforePublish = () => {
            throw new Error('no connection');
        };

        await expect(lake.build({ publish: true })).rejects.toThrow('no connection');
        expect(await scratchOf(lake)).toEqual([]);
    });

    it('fails when the rows of a table cannot be computed, and leaves no scratch files', async () => {
        const lake = await aLake(DAILY, WHOLE);
        Object.assign(lake.context.engine, { csv: () => Promise.reject(new Error('a file is gone')) });

        await expect(lake.build({ publish: true })).rejects.toThrow('a file is gone');
        expect(lake.context.publisher.versions.size).toBe(0);
        expect(await scratchOf(lake)).toEqual([]);
    });

    it('is refused to a build that was replaced', async () => {
        const lake = await aLake(WHOLE);
        await lake.build();

        await expect(publishRun(lake.context, 'build-1-1')).rejects.toThrow('Build build-1-1 was replaced');
        expect(lake.context.publisher.sent).toEqual([]);
    });
});
