import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { venvPython } from '../../../localstack/install.ts';
import { withLock } from '../../../localstack/lock.ts';
import { ID_VARIABLE, processesOf } from '../../../localstack/processes.ts';
import { requireFreePort, runningServer, startServer, stopServer } from '../../../localstack/server.ts';
import { type StateFolder, stateFolder, writeRecord } from '../../../localstack/state.ts';

let state: StateFolder;

beforeEach(async () => {
    const root = await mkdtemp(join(tmpdir(), 'cartlake localstack-'));
    state = stateFolder({ CARTLAKE_LOCALSTACK_DIR: root });
});
afterEach(async () => {
    await stopServer(state);
    await rm(state.root, { recursive: true });
});

/** Stands where the virtual environment's interpreter would. */
async function aServer(script: string): Promise<void> {
    const path = venvPython(state);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, `#!/bin/sh\n${script}\n`);
    await chmod(path, 0o755);
}

async function aFreePort(): Promise<number> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    return port;
}

const HEALTHY = `exec "${process.execPath}" -e '
    const { spawn } = require("node:child_process");
    spawn("sleep", ["300"], { detached: true, stdio: "ignore" });
    const port = new URL("http://" + process.env.GATEWAY_LISTEN).port;
    require("node:http").createServer((_, answer) => answer.end()).listen(port, "127.0.0.1");'`;

describe('starting and stopping', () => {
    it('leaves neither a process nor a file of the run behind', async () => {
        await aServer(HEALTHY);

        const { id, pid } = await startServer(state, await aFreePort());

        expect(await runningServer(state)).toMatchObject({ id, pid });
        expect(await processesOf(id)).toHaveLength(2);
        expect(await stopServer(state)).toMatchObject({ wasRunning: true });
        expect(await processesOf(id)).toEqual([]);
        expect((await readdir(state.root)).sort()).toEqual(['home', 'localstack.log', 'venv']);
        expect(await stopServer(state)).toEqual({ wasRunning: false, killed: [] });
    });

    it('ends what a killed server left', async () => {
        await aServer(HEALTHY);
        const { id, pid } = await startServer(state, await aFreePort());
        process.kill(pid!, 'SIGKILL');
        await expect.poll(() => runningServer(state)).toBeUndefined();
        const left = await processesOf(id);

        expect(left).toHaveLength(1);
        expect(await stopServer(state)).toEqual({ wasRunning: false, killed: left });
        expect(await processesOf(id)).toEqual([]);
    });

    it('shows the last log lines of a server that does not start', async () => {
        await aServer('echo the reason; exit 3');

        const failure = startServer(state, await aFreePort());

        await expect(failure).rejects.toThrow('LocalStack ended while starting (code 3).');
        await expect(failure).rejects.toThrow(/its last lines:\nthe reason$/);
        expect(await readdir(state.root)).not.toContain('server.json');
    });

    it('names who has the port', async () => {
        const server = createServer().listen(0, '127.0.0.1');
        await once(server, 'listening');
        const { port } = server.address() as AddressInfo;

        const failure = requireFreePort(port);

        await expect(failure).rejects.toThrow(`Port ${port} on 127.0.0.1 is taken by process ${process.pid} (`);
        server.close();
        await once(server, 'close');
        await expect(requireFreePort(port)).resolves.toBeUndefined();
    });

    it('takes no process for its own because of its number', async () => {
        await writeRecord(state, { id: 'another', port: 4566, pid: process.pid, startedAt: '' });

        expect(await runningServer(state)).toBeUndefined();
        expect(await stopServer(state)).toEqual({ wasRunning: false, killed: [] });
    });
});

describe('the lock', () => {
    it('refuses a second command while the first runs', async () => {
        await withLock(state, async () => {
            await expect(withLock(state, async () => undefined)).rejects.toThrow(
                `Process ${process.pid} is starting or stopping LocalStack`,
            );
        });
        await expect(withLock(state, async () => 'free again')).resolves.toBe('free again');
        expect(await readdir(state.root)).toEqual([]);
    });

    it('is taken over from a process that is gone', async () => {
        const gone: ChildProcess = spawn('true', { env: { ...process.env, [ID_VARIABLE]: 'none' } });
        await once(gone, 'exit');
        await writeFile(state.lock, `${gone.pid}-of_another_boot`);

        await expect(withLock(state, async () => 'mine')).resolves.toBe('mine');
        expect(await readdir(state.root)).toEqual([]);
    });
});
