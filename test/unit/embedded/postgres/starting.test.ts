import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TransientError } from '#core/errors.ts';
import type { Account } from '#embedded/postgres/account.ts';
import { type Cluster, clusterIn } from '#embedded/postgres/cluster.ts';
import { choosePort, rememberPort } from '#embedded/postgres/launch.ts';
import { findPostmaster, stopPostmaster } from '#embedded/postgres/postmaster.ts';
import { ensureRunning } from '#embedded/postgres/start.ts';

const self: Account = { owner: undefined, command: (file, args) => ({ file, args: [...args], ids: {} }) };

let folder: string;
let cluster: Cluster;

beforeEach(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'cartlake-')));
    cluster = clusterIn(folder);
    await mkdir(cluster.data, { recursive: true });
});
afterEach(() => rm(folder, { recursive: true }));

describe('the port', () => {
    it('is the remembered one while that is free', async () => {
        await rememberPort(cluster, 17_001);

        expect(await choosePort(cluster, async () => true)).toBe(17_001);
        expect(await choosePort(cluster, async (port) => port !== 17_001)).not.toBe(17_001);
    });

    it('is below those of outgoing connections', async () => {
        const port = await choosePort(cluster, async () => true);

        expect(port).toBeGreaterThan(1024);
        expect(port).toBeLessThan(32_768);
    });

    it('is given up when none is free', async () => {
        const choosing = choosePort(cluster, async () => false);

        await expect(choosing).rejects.toThrow(TransientError);
        await expect(choosing).rejects.toThrow(/No free port/);
    });
});

describe('a start that fails', () => {
    async function starting(script: string, timeout: number): Promise<string> {
        const postgres = join(folder, 'fake');
        await writeFile(postgres, `#!/bin/sh\n${script}\n`);
        await chmod(postgres, 0o755);
        return ensureRunning(folder, cluster, self, { initdb: postgres, postgres }, () => undefined, timeout);
    }

    it('on a full disk is worth another try later', async () => {
        const failed = starting('echo "FATAL:  could not write lock file: No space left on device"; exit 1', 5_000);

        await expect(failed).rejects.toThrow(TransientError);
        await expect(failed).rejects.toThrow(/No space left on device\nexit 1\nFree disk space/);
    });

    it('is given up when the server does not become ready in time', async () => {
        const failed = starting('exec sleep 0.2', 100);

        await expect(failed).rejects.toThrow(TransientError);
        await expect(failed).rejects.toThrow(/not ready within 0.1 s; see .*server.log/);
    });

    it('is tried again when the server before is not quite gone', async () => {
        const once = `[ -e ${folder}/tried ] && { echo done; exit 1; }; touch ${folder}/tried`;
        const failed = starting(
            `${once}; echo 'FATAL:  pre-existing shared memory block (key 1) is still in use'; exit 1`,
            5_000,
        );

        await expect(failed).rejects.toThrow(/did not start:\ndone\n/);
    });
});

describe('a server that does not stop', () => {
    it('is reported with its pid', async () => {
        const child = spawn('sh', ['-c', 'trap "" INT QUIT; echo up; while :; do sleep 0.05; done'], {
            cwd: cluster.data,
        });
        await once(child.stdout, 'data');
        await writeFile(
            join(cluster.data, 'postmaster.pid'),
            `${child.pid}\n${cluster.data}\n0\n17001\n\n127.0.0.1\n1 2\nready   \n`,
        );
        expect(await findPostmaster(cluster.data)).toEqual({ pid: child.pid, port: 17_001, status: 'ready' });

        const stopping = stopPostmaster(cluster.data, { fast: 30, immediate: 30 });

        await expect(stopping).rejects.toThrow(TransientError);
        await expect(stopping).rejects.toThrow(`kill -QUIT ${child.pid}`);
        child.kill('SIGKILL');
        await once(child, 'exit');
        expect(await findPostmaster(cluster.data)).toBeUndefined();
    });
});
