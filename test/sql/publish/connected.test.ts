import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createPostgresPublisher } from '#adapters/postgres/publish.ts';
import { DataError, TransientError } from '#core/errors.ts';
import { aDatabase, aMart, full, type TestDatabase } from './database.ts';

let db: TestDatabase;

beforeAll(async () => {
    db = await aDatabase();
});
beforeEach(() => db.reset());
afterAll(() => db.remove());

/** Process ids of the publisher's connections. */
const sessions = async () =>
    (await db.rows(`select pid from pg_stat_activity where application_name = 'cartlake'`)).flat();

async function expectNoSession(): Promise<void> {
    // A backend goes a moment after its client.
    await expect.poll(sessions).toEqual([]);
}

const run = (fields = {}) => ({ runId: 'r1', marts: [aMart(fields)] });
const twice = { change: full('2026-01-01,"a",1.00,', '2026-01-01,"a",2.00,') };

describe('the connection of a publisher', () => {
    it('is one for all that is asked in one work, and ends with it', async () => {
        const seen = await db.publisher.connected(async (database) => {
            await database.currentVersions();
            const first = await sessions();
            await database.publish(run());
            return [first, await sessions()];
        });

        expect(seen[0]).toHaveLength(1);
        expect(seen[1]).toEqual(seen[0]);
        await expectNoSession();
    });

    it('ends when the work throws, also while it is being opened', async () => {
        const gaveUp = new Error('the caller gave up');
        const working = db.publisher.connected(async (database) => {
            database.currentVersions().catch(() => undefined);
            throw gaveUp;
        });

        await expect(working).rejects.toBe(gaveUp);
        await expectNoSession();
    });

    it('is not opened by a work that asks nothing', async () => {
        const nowhere = createPostgresPublisher('postgres://nobody@127.0.0.1:1/none');

        const done = await nowhere.connected((database) => database.publish({ runId: 'r1', marts: [] }));

        expect(done).toEqual([]);
    });

    it('ends with the first call that fails; what is asked after that may be tried again', async () => {
        const after = await db.publisher.connected(async (database) => {
            await expect(database.publish(run(twice))).rejects.toThrow(DataError);
            await expectNoSession();
            return database.currentVersions().catch((error: unknown) => error);
        });

        expect(after).toBeInstanceOf(TransientError);
        expect(await db.publisher.publish(run())).toMatchObject([{ inserted: 3 }]);
    });
});
