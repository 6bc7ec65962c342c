import { execFile } from 'node:child_process';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acceptsConnections } from '#adapters/postgres/connection.ts';
import { selectRows } from '#adapters/postgres/query.ts';
import { UsageError } from '#core/errors.ts';
import { aLake, type TestLake } from './lake.ts';

async function listeningAddresses(port: number): Promise<string[]> {
    const tables = await Promise.all(
        ['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8').catch(() => '')),
    );
    const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
    return tables
        .flatMap((table) => table.split('\n').map((line) => line.trim().split(/\s+/)))
        .filter((fields) => fields[1]?.endsWith(wanted) && fields[3] === '0A')
        .map((fields) => fields[1] ?? '');
}

describe('the server of a folder', () => {
    let lake: TestLake;

    beforeAll(async () => {
        lake = await aLake();
    });
    afterAll(() => lake.remove());

    it('does not run and makes nothing before it is acquired', async () => {
        expect(await lake.server.status()).toEqual({ running: false });
        await lake.server.stop();
        expect(await readdir(lake.lake)).toEqual([]);
    });

    it('serves the database cartlake to an owner who is no superuser, looking into marts first', async () => {
        const lease = await lake.server.acquire();

        const { rows } = await selectRows(
            lease.url,
            `select current_database(), current_user, current_setting('is_superuser'), current_setting('server_encoding'),
                current_setting('timezone'), current_setting('fsync')`,
        );

        expect(rows).toEqual([['cartlake', 'cartlake', 'off', 'UTF8', 'UTC', 'on']]);
        const path = await promisify(execFile)('cat', [join(lake.folder, 'cluster', 'data', 'PG_VERSION')]);
        expect(path.stdout.trim()).toBe('18');
        await lease.release();
    });

    it('looks names up in marts, then public, for any client', async () => {
        const lease = await lake.server.acquire();
        const { default: pg } = await import('pg');
        const client = new pg.Client(lease.url);
        await client.connect();

        const { rows } = await client.query('show search_path');

        expect(rows).toEqual([{ search_path: 'marts, public' }]);
        await client.end();
        await lease.release();
    });

    it('says where it runs, and that it does not run after the last release', async () => {
        const first = await lake.server.acquire();
        const second = await lake.server.acquire();
        const status = await lake.server.status();
        expect(status).toMatchObject({ running: true, url: first.url });
        expect(first.url).toBe(second.url);

        await first.release();
        await first.release();
        expect((await lake.server.status()).pid).toBe(status.pid);

        await second.release();
        expect(await lake.server.status()).toEqual({ running: false });
        expect(await acceptsConnections(second.url)).toBe(false);
    });

    it('keeps its port over a restart', async () => {
        const first = await lake.server.acquire();
        await first.release();
        const second = await lake.server.acquire();
        await second.release();

        expect(second.url).toBe(first.url);
    });

    it('takes another port, and stays with that, when somebody has taken the remembered one', async () => {
        const before = await lake.server.acquire();
        await before.release();
        const thief = createServer();
        await new Promise<void>((resolve) => thief.listen(Number(new URL(before.url).port), '127.0.0.1', resolve));

        const lease = await lake.server.acquire();
        await lease.release();
        thief.close();

        expect(lease.url).not.toBe(before.url);
        expect(await readFile(join(lake.folder, 'cluster', 'port'), 'utf8')).toBe(`${new URL(lease.url).port}\n`);
    });

    it.runIf(process.platform === 'linux')('listens on 127.0.0.1 and nowhere else', async () => {
        const lease = await lake.server.acquire();
        const port = Number(new URL(lease.url).port);

        expect(await listeningAddresses(port)).toEqual([`0100007F:${port.toString(16).toUpperCase()}`]);
        await lease.release();
    });

    it('lets nobody in without the password, which only its owner can read', async () => {
        const lease = await lake.server.acquire();
        const wrong = new URL(lease.url);
        wrong.password = 'guess';
        const admin = new URL(lease.url);
        admin.username = 'cartlake_admin';

        await expect(selectRows(wrong.href, 'select 1')).rejects.toThrow(/check user and password/);
        await expect(selectRows(admin.href, 'select 1')).rejects.toThrow(UsageError);
        const file = await stat(join(lake.folder, 'cluster', 'password'));
        expect(file.mode & 0o777).toBe(0o600);
        expect((await stat(join(lake.folder, 'server.log'))).mode & 0o777).toBe(0o600);
        await lease.release();
    });

    it('stays after the last release when told to keep, until told to stop', async () => {
        await lake.server.keep();
        const lease = await lake.server.acquire();
        await lease.release();
        expect((await lake.server.status()).running).toBe(true);

        await lake.server.stop();
        expect(await lake.server.status()).toEqual({ running: false });

        const again = await lake.server.acquire();
        await again.release();
        expect(await lake.server.status()).toEqual({ running: false });
    });

    it('says what the server wrote when it cannot start', async () => {
        const file = join(lake.folder, 'cluster', 'data', 'postgresql.conf');
        const settings = await readFile(file, 'utf8');
        await writeFile(file, `${settings}\nshared_buffers = 'a lot'\n`);

        await expect(lake.server.acquire()).rejects.toThrow(/did not start:\n.*invalid value.*--postgres/s);
        await writeFile(file, settings);
        expect(await readdir(join(lake.folder, 'users'))).toEqual([]);
    });

    it('says so when the data is of another major version', async () => {
        const file = join(lake.folder, 'cluster', 'data', 'PG_VERSION');
        await writeFile(file, '17\n');

        await expect(lake.server.acquire()).rejects.toThrow(/another major version/);
        await writeFile(file, '18\n');
    });

    it('says so when the password cannot be read', async () => {
        const lease = await lake.server.acquire();
        const file = join(lake.folder, 'cluster', 'password');
        const { rename } = await import('node:fs/promises');
        await rename(file, `${file}.away`);

        await expect(lake.server.status()).rejects.toThrow(/password of the embedded PostgreSQL cannot be read/);
        await rename(`${file}.away`, file);
        await lease.release();
    });
});
