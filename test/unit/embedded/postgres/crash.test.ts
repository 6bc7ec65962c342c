import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { selectRows } from '#adapters/postgres/query.ts';
import { aLake, type TestLake } from './lake.ts';

let lake: TestLake;

beforeAll(async () => {
    lake = await aLake();
});
afterAll(() => lake.remove());

async function killServer(): Promise<void> {
    const { pid } = await lake.server.status();
    process.kill(pid as number, 'SIGKILL');
    while ((await lake.server.status()).running) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('after a crash', () => {
    it('of the server, the next user starts it again with what was committed', async () => {
        const lease = await lake.server.acquire();
        const client = new pg.Client(lease.url);
        client.on('error', () => undefined);
        await client.connect();
        await client.query('create table public.kept as select 7 as n');
        await killServer();

        const again = await lake.server.acquire();

        expect(await selectRows(again.url, 'select n from kept')).toMatchObject({ rows: [['7']] });
        await Promise.all([lease.release(), again.release()]);
    });

    it('of the host, a lock file whose pid is somebody else by now is no server', async () => {
        const lease = await lake.server.acquire();
        const file = join(lake.folder, 'cluster', 'data', 'postmaster.pid');
        const text = await readFile(file, 'utf8');
        await lease.release();
        await writeFile(file, text.replace(/^\d+/, String(process.pid)), { mode: 0o600 });
        expect(await lake.server.status()).toEqual({ running: false });

        const removed = lake.server.stop();

        await expect(removed).resolves.toBeUndefined();
        expect(process.pid).toBeGreaterThan(0);
    });

    it('of the host, a lock file whose pid is gone does not hinder the start', async () => {
        const file = join(lake.folder, 'cluster', 'data', 'postmaster.pid');
        const text = await readFile(file, 'utf8');
        await writeFile(file, text.replace(/^\d+/, '4194303'));

        const lease = await lake.server.acquire();

        expect(await selectRows(lease.url, 'select 1')).toMatchObject({ rows: [['1']] });
        await lease.release();
    });

    it('in the middle of making a cluster, the half one is removed and a whole one made', async () => {
        const other = await aLake();
        const half = join(other.folder, 'making-4194303-1-00000000');
        await mkdir(join(half, 'data'), { recursive: true });

        const lease = await other.server.acquire();

        expect(await readdir(other.folder)).not.toContain('making-4194303-1-00000000');
        await lease.release();
        await other.remove();
    });

    it('in the middle of making a cluster, what was begun may write into it for a while', async () => {
        const other = await aLake();
        const data = join(other.folder, 'making-4194303-1-00000001', 'data');
        await mkdir(data, { recursive: true });
        // Ends, as initdb does, when its folder is gone.
        const writing = spawn('sh', [
            '-c',
            'i=0; while : > "$0/$((i += 1))"; do [ $i -lt 5000 ] || rm -r "$0"; done',
            data,
        ]);
        const ended = once(writing, 'exit');
        while ((await readdir(data)).length < 100) await new Promise((resolve) => setTimeout(resolve, 5));

        const lease = await other.server.acquire();

        expect(await readdir(other.folder)).not.toContain('making-4194303-1-00000001');
        await lease.release();
        await ended;
        await other.remove();
    });

    it('in the middle of making a cluster, what does not stop writing into it is waited for, but not forever', async () => {
        const other = await aLake();
        const half = join(other.folder, 'making-4194303-1-00000002');
        await mkdir(half, { recursive: true });
        const writing = spawn('sh', ['-c', 'i=0; while :; do : > "$0/$((i += 1))"; done', half]);
        const ended = once(writing, 'exit');
        while ((await readdir(half)).length < 100) await new Promise((resolve) => setTimeout(resolve, 5));

        const refused = expect(other.server.acquire()).rejects;

        await refused.toThrow(/^Half a PostgreSQL that an ended process left cannot be removed \(ENOTEMPTY/);
        writing.kill('SIGKILL');
        await ended;
        await (await other.server.acquire()).release();
        await other.remove();
    });
});
