import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { graded } from '#core/publish/quality.ts';
import { aDatabase, aMart, full, type TestDatabase } from './database.ts';

let db: TestDatabase;

beforeAll(async () => {
    db = await aDatabase();
});
beforeEach(() => db.reset());
afterAll(() => db.remove());

const QUALITY = graded({
    asOf: '2026-01-02T03:04:05.000Z',
    watermark: '2026-01-01T23:59:59.999Z',
    read: 1_000,
    accepted: 990,
    checks: { passed: 2, warned: ["it's late"] },
    behind: [],
});
const rows = () =>
    db.rows(
        `select mart, run_id, version_id, as_of at time zone 'UTC', watermark at time zone 'UTC', total_rows, rows_read,
            rows_accepted, checks_passed, checks_warned, grade, behind from cartlake.mart_quality order by mart`,
    );

describe('the quality of published tables', () => {
    it('stands in the database beside the rows', async () => {
        await db.publisher.publish({ runId: 'r1', marts: [aMart({ quality: QUALITY })] });

        expect(await rows()).toEqual([
            [
                'sales',
                'r1',
                'v1',
                '2026-01-02 03:04:05',
                '2026-01-01 23:59:59.999',
                '3',
                '1000',
                '990',
                '2',
                `{"it's late"}`,
                'C',
                '{}',
            ],
        ]);
    });

    it('changes with them', async () => {
        await db.publisher.publish({ runId: 'r1', marts: [aMart({ quality: QUALITY })] });
        const unknown = graded({ ...QUALITY, watermark: undefined, checks: undefined });
        const change = full('2026-01-01,"a",1.00,"x"');
        await db.publisher.publish({ runId: 'r2', marts: [aMart({ versionId: 'v2', change, quality: unknown })] });

        expect(await rows()).toEqual([
            ['sales', 'r2', 'v2', '2026-01-02 03:04:05', null, '1', '1000', '990', null, null, 'D', '{}'],
        ]);
    });

    it('changes without them when the files did, beside the run that published the rows', async () => {
        await db.publisher.publish({ runId: 'r1', marts: [aMart({ quality: QUALITY })] });
        const [published] = await db.rows('select published_at from cartlake.mart_quality');
        const quality = graded({ ...QUALITY, watermark: '2026-01-03T00:00:00.000Z', read: 2_000 });
        await db.publisher.publish({
            runId: 'r2',
            marts: [],
            unchanged: [{ table: 'sales', versionId: 'v1', quality }],
        });

        expect(await rows()).toMatchObject([
            [
                'sales',
                'r1',
                'v1',
                '2026-01-02 03:04:05',
                '2026-01-03 00:00:00',
                '3',
                '2000',
                '990',
                '2',
                `{"it's late"}`,
                'D',
                '{}',
            ],
        ]);
        expect(await db.rows('select published_at from cartlake.mart_quality where looked_at > published_at')).toEqual([
            published,
        ]);
    });

    it('keeps the watermark of a table that is behind, and says what it waits for', async () => {
        await db.publisher.publish({ runId: 'r1', marts: [aMart({ quality: QUALITY })] });
        const quality = graded({ ...QUALITY, watermark: undefined, behind: ['dim_users'] });
        await db.publisher.publish({
            runId: 'r2',
            marts: [],
            unchanged: [{ table: 'sales', versionId: 'v1', quality }],
        });

        expect((await rows())[0]?.slice(4)).toEqual([
            '2026-01-01 23:59:59.999',
            '3',
            '1000',
            '990',
            '2',
            `{"it's late"}`,
            'D',
            '{dim_users}',
        ]);
    });

    it('is not changed for a version that is not published any more', async () => {
        await db.publisher.publish({ runId: 'r1', marts: [aMart({ quality: QUALITY })] });
        const quality = graded({ ...QUALITY, read: 2_000 });
        await db.publisher.publish({
            runId: 'r2',
            marts: [],
            unchanged: [{ table: 'sales', versionId: 'v0', quality }],
        });

        expect((await rows())[0]?.[6]).toBe('1000');
    });

    it('gets the columns it lacks in a database of before', async () => {
        await db.publisher.publish({ runId: 'r1', marts: [aMart({ quality: QUALITY })] });
        await db.rows('alter table cartlake.mart_quality drop column behind, drop column looked_at');
        const quality = graded({ ...QUALITY, behind: ['dim_users'] });
        await db.publisher.publish({
            runId: 'r2',
            marts: [],
            unchanged: [{ table: 'sales', versionId: 'v1', quality }],
        });

        expect((await rows())[0]?.at(-1)).toBe('{dim_users}');
    });

    it('is not there when its publication failed', async () => {
        const twice = full('2026-01-01,"a",1.00,"x"', '2026-01-01,"a",2.00,"x"');
        const failing = db.publisher.publish({ runId: 'r1', marts: [aMart({ change: twice, quality: QUALITY })] });

        await expect(failing).rejects.toThrow();
        expect(await db.rows(`select to_regclass('cartlake.mart_quality')`)).toEqual([[null]]);
    });
});
