import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { selectRows } from '#adapters/postgres/query.ts';
import { enter } from '#embedded/postgres/presence.ts';
import { createPostgresServer } from '#embedded/postgres/server.ts';
import { aLake, lakeUser, type TestLake } from './lake.ts';

let lake: TestLake;

beforeEach(async () => {
    lake = await aLake();
});
afterEach(() => lake.remove());

describe('several processes on one lake', () => {
    it('stop the server with the last of them, not before', async () => {
        const other = lakeUser(lake.folder, 'hold');
        const url = await other.ready;
        const lease = await lake.server.acquire();
        expect(lease.url).toBe(url);

        await lease.release();
        expect((await lake.server.status()).running).toBe(true);

        other.child.stdin?.end();
        expect(await other.ended).toMatchObject({ code: 0 });
        expect(await lake.server.status()).toEqual({ running: false });
    });

    it('find and reuse the server of one that was killed, and do not count it', async () => {
        const killed = lakeUser(lake.folder, 'hold');
        await killed.ready;
        const before = await lake.server.status();
        killed.child.kill('SIGKILL');
        await killed.ended;
        expect(await lake.server.status()).toEqual(before);

        const lease = await lake.server.acquire();
        expect(await lake.server.status()).toEqual(before);
        expect(await selectRows(lease.url, 'select 1')).toMatchObject({ rows: [['1']] });

        await lease.release();
        expect(await lake.server.status()).toEqual({ running: false });
        expect(await readdir(join(lake.folder, 'users'))).toEqual([]);
    });

    it('make one cluster when all of them are the first', async () => {
        const all = Array.from({ length: 4 }, () => lakeUser(lake.folder, 'hold'));

        const urls = await Promise.all(all.map((user) => user.ready));

        expect(new Set(urls).size).toBe(1);
        for (const user of all) user.child.stdin?.end();
        for (const user of all) expect(await user.ended).toMatchObject({ code: 0 });
        expect(await lake.server.status()).toEqual({ running: false });
        expect((await readdir(lake.folder)).filter((name) => name.startsWith('making-'))).toEqual([]);
    });

    it('never lose the server while they come and go', { timeout: 60_000 }, async () => {
        const all = Array.from({ length: 4 }, () => lakeUser(lake.folder, 'churn', '12'));

        const ended = await Promise.all(all.map((user) => user.ended));

        expect(ended.map(({ output }) => output)).toEqual(Array(4).fill('done\n'));
        expect(await lake.server.status()).toEqual({ running: false });
    });

    it('never lose the server when users of one process come and go', async () => {
        const first = await lake.server.acquire();
        await first.release();
        const user = async (seed: number) => {
            const server = createPostgresServer({ folder: lake.folder });
            for (let round = 0; round < 8; round += 1) {
                const lease = await server.acquire();
                await selectRows(lease.url, 'select 1');
                await lease.release();
                await sleep((seed * 17 + round * 5) % 25);
            }
        };

        await Promise.all([user(1), user(2), user(3)]);

        expect(await lake.server.status()).toEqual({ running: false });
    });

    it('wait while one stops the server, though the server still answers', async () => {
        const lease = await lake.server.acquire();
        const stopper = await enter(join(lake.folder, 'stopping'));

        let acquired = false;
        const next = lake.server.acquire().then((found) => {
            acquired = true;
            return found;
        });
        await sleep(150);
        expect(acquired).toBe(false);

        await stopper.leave();
        await (await next).release();
        await lease.release();
    });

    it('do not wait for one that was killed while it stopped the server', async () => {
        await mkdir(join(lake.folder, 'stopping'), { recursive: true });
        await writeFile(join(lake.folder, 'stopping', '4194303-1-00000000'), '');

        const lease = await lake.server.acquire();

        expect(await selectRows(lease.url, 'select 1')).toMatchObject({ rows: [['1']] });
        await lease.release();
    });

    it('wait for one that is stopping the server, then start it again', async () => {
        const lease = await lake.server.acquire();
        const before = await lake.server.status();

        const [, next] = await Promise.all([lake.server.stop(), sleep(2).then(() => lake.server.acquire())]);

        expect(await selectRows(next.url, 'select 1')).toMatchObject({ rows: [['1']] });
        expect((await lake.server.status()).pid).not.toBe(before.pid);
        await Promise.all([lease.release(), next.release()]);
    });
});
