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
});
const rows = () =>
    db.rows(
        `select mart, run_id, version_id, as_of at time zone 'UTC', watermark at time zone 'UTC', total_rows, rows_read,
            rows_accepted, checks_passed, checks_warned, grade from cartlake.mart_quality order by mart`,
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
            ],
        ]);
    });

    it('changes with them, and not without them', async () => {
        await db.publisher.publish({ runId: 'r1', marts: [aMart({ quality: QUALITY })] });
        const unknown = graded({ ...QUALITY, watermark: undefined, checks: undefined });
        await db.publisher.publish({ runId: 'r2', marts: [aMart({ quality: unknown })] });
        expect((await rows())[0]?.[1]).toBe('r1');

        const change = full('2026-01-01,"a",1.00,"x"');
        await db.publisher.publish({ runId: 'r3', marts: [aMart({ versionId: 'v2', change, quality: unknown })] });
        expect(await rows()).toEqual([
            ['sales', 'r3', 'v2', '2026-01-02 03:04:05', null, '1', '1000', '990', null, null, 'D'],
        ]);
    });

    it('is not there when its publication failed', async () => {
        const twice = full('2026-01-01,"a",1.00,"x"', '2026-01-01,"a",2.00,"x"');
        const failing = db.publisher.publish({ runId: 'r1', marts: [aMart({ change: twice, quality: QUALITY })] });

        await expect(failing).rejects.toThrow();
        expect(await db.rows(`select to_regclass('cartlake.mart_quality')`)).toEqual([[null]]);
    });
});
