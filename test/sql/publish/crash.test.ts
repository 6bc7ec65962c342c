import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createPostgresPublisher } from '#adapters/postgres/publish.ts';
import { TransientError } from '#core/errors.ts';
import { aDatabase, aMart, csv, full, type TestDatabase } from './database.ts';

let db: TestDatabase;

beforeAll(async () => {
    db = await aDatabase();
});
beforeEach(async () => {
    await db.server.acquire();
    await db.reset();
    await db.publisher.publish({ runId: 'r1', marts: [aMart()] });
});
afterAll(() => db.remove());

async function killServer(): Promise<void> {
    const { pid } = await db.server.status();
    process.kill(pid as number, 'SIGKILL');
}

const secondVersion = () => aMart({ versionId: 'v2', change: full('2026-01-01,"a",9,', '2026-01-05,"e",5,') });
const sales = () => db.rows('select day, shop, amount from marts.sales order by day, shop');
const firstRows = [
    ['2026-01-01', 'a', '1.00'],
    ['2026-01-01', 'b', '2.00'],
    ['2026-01-02', 'a', '3.00'],
];
const secondRows = [
    ['2026-01-01', 'a', '9.00'],
    ['2026-01-05', 'e', '5.00'],
];

/** Passes bytes to the server, but cuts the connection in place of its answer to COMMIT. */
async function aProxyThatLosesTheCommitAnswer(): Promise<{ url: string; close(): void }> {
    const target = new URL(db.url);
    const proxy = createServer((client: Socket) => {
        const server = connect(Number(target.port), '127.0.0.1');
        let committing = false;
        client.on('data', (bytes) => {
            committing ||= bytes.includes('commit\0');
            server.write(bytes);
        });
        server.on('data', (bytes) => {
            if (committing) client.destroy();
            else client.write(bytes);
        });
        for (const [socket, other] of [
            [client, server],
            [server, client],
        ] as const) {
            socket.on('error', () => undefined);
            socket.on('close', () => other.destroy());
        }
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const url = new URL(db.url);
    url.port = String((proxy.address() as { port: number }).port);
    return { url: url.href, close: () => proxy.close() };
}

describe('a server that is killed', () => {
    it('in the middle of a COPY keeps the old rows; the rerun publishes', async () => {
        let closed = false;
        async function* untilKilled() {
            try {
                yield '2026-01-01,"a",9,\n';
                await killServer();
                for (let row = 0; row < 100_000; row += 1) yield `2026-01-01,"${'b'.repeat(1000)}${row}",1,\n`;
            } finally {
                closed = true;
            }
        }
        const killed = db.publisher.publish({
            runId: 'r2',
            marts: [aMart({ versionId: 'v2', change: { kind: 'full', rows: untilKilled() } })],
        });
        await expect(killed).rejects.toThrow(TransientError);
        expect(closed).toBe(true);

        await db.server.acquire();
        expect(await sales()).toEqual(firstRows);

        const rerun = await db.publisher.publish({ runId: 'r2', marts: [secondVersion()] });
        expect(rerun).toEqual([{ mart: 'sales', inserted: 1, updated: 1, deleted: 2, skipped: false }]);
        expect(await sales()).toEqual(secondRows);
    });

    it('in the middle of the commit keeps the old rows; the rerun publishes', async () => {
        await db.rows(`create function marts.dawdle() returns trigger language plpgsql as
            $$ begin perform pg_sleep(30); return null; end $$`);
        await db.rows(`create constraint trigger dawdle after update on marts.sales
            deferrable initially deferred for each row execute function marts.dawdle()`);
        const killed = db.publisher.publish({ runId: 'r2', marts: [secondVersion()] });
        const outcome = killed.catch((error) => error);
        const committing = `select count(*) from pg_stat_activity where query = 'commit' and state = 'active'`;
        while ((await db.rows(committing))[0]?.[0] !== '1') await sleep(10);

        await killServer();
        expect(await outcome).toBeInstanceOf(TransientError);

        await db.server.acquire();
        expect(await sales()).toEqual(firstRows);
        await db.rows('drop function marts.dawdle cascade');

        const delta = {
            kind: 'delta',
            baseVersionId: 'v1',
            upserts: csv('2026-01-05,"e",5,'),
            deletes: csv('2026-01-01,"b"'),
        } as const;
        const rerun = await db.publisher.publish({ runId: 'r2', marts: [aMart({ versionId: 'v2', change: delta })] });
        expect(rerun).toMatchObject([{ inserted: 1, updated: 0, deleted: 1 }]);
    });

    it('after the commit, before its answer came: the rerun finds the version published', async () => {
        const proxy = await aProxyThatLosesTheCommitAnswer();
        const publisher = createPostgresPublisher(proxy.url);
        await expect(publisher.publish({ runId: 'r2', marts: [secondVersion()] })).rejects.toThrow(TransientError);
        proxy.close();
        await killServer();

        await db.server.acquire();
        expect(await db.publisher.publish({ runId: 'r2', marts: [secondVersion()] })).toMatchObject([
            { skipped: true },
        ]);
        expect(await sales()).toEqual(secondRows);
        expect(await db.rows(`select run_id from cartlake.publish_log order by id`)).toEqual([['r1'], ['r2']]);
    });
});
