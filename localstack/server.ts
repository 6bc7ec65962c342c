import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, open, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { TransientError, UsageError } from '#core/errors.ts';
import { endpointOf } from './environment.ts';
import { venvPython } from './install.ts';
import { killAll, listenerOn, processesOf } from './processes.ts';
import { serverEnvironment } from './server-environment.ts';
import { lastLines, readRecord, type ServerRecord, type StateFolder, writeRecord } from './state.ts';

const READY_MS = 90_000;

/** The server of a state folder while it runs; undefined otherwise, also when it was killed. */
export async function runningServer(state: StateFolder): Promise<(ServerRecord & { pid: number }) | undefined> {
    const record = await readRecord(state);
    if (record?.pid === undefined) return undefined;
    const pids = await processesOf(record.id);
    return pids.includes(record.pid) ? { ...record, pid: record.pid } : undefined;
}

/** The server of a state folder. Throws UsageError when there is none that answers. */
export async function requireServer(state: StateFolder): Promise<ServerRecord> {
    const server = await runningServer(state);
    if (server !== undefined && (await isReady(server.port))) return server;
    throw new UsageError('LocalStack does not run. Start it: npm run localstack:up && npm run deploy:local');
}

/** Whether a LocalStack answers on the port. */
export async function isReady(port: number): Promise<boolean> {
    const health = `${endpointOf(port)}/_localstack/health`;
    return fetch(health, { signal: AbortSignal.timeout(3_000) }).then(
        (answer) => answer.ok,
        () => false,
    );
}

/** Throws UsageError when something listens on the port already, and says who if that can be known. */
export async function requireFreePort(port: number): Promise<void> {
    const taken = await new Promise<boolean>((resolve) => {
        const socket = connect({ port, host: '127.0.0.1' });
        socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
        socket.once('connect', () => socket.destroy());
    });
    if (!taken) return;
    const owner = (await listenerOn(port)) ?? ((await isReady(port)) ? 'another LocalStack' : 'an unknown process');
    throw new UsageError(
        `Port ${port} on 127.0.0.1 is taken by ${owner}. Stop it, or choose a port: --port ${port + 1}`,
    );
}

/**
 * Starts the installed LocalStack as a process of its own that outlives this one, and waits until it answers.
 * Throws UsageError for a port that is taken and TransientError with the last log lines when it does not start.
 */
export async function startServer(state: StateFolder, port: number): Promise<ServerRecord> {
    await requireFreePort(port);
    await rm(state.run, { recursive: true, force: true });
    await mkdir(join(state.run, 'tmp'), { recursive: true });
    await mkdir(state.home, { recursive: true });
    const announced = { id: randomUUID(), port, startedAt: new Date().toISOString() };
    await writeRecord(state, announced);
    const launched = await launch(state, announced);
    const record = launched.pid === undefined ? announced : { ...announced, pid: launched.pid };
    await writeRecord(state, record);
    const deadline = Date.now() + READY_MS;
    while (!(await isReady(port))) {
        const end = launched.end();
        if (end !== undefined) throw await startFailed(state, `LocalStack ended while starting (${end}).`);
        if (Date.now() > deadline) throw await startFailed(state, `LocalStack was not ready in ${READY_MS / 1000} s.`);
        await sleep(100);
    }
    return record;
}

interface Launched {
    readonly pid: number | undefined;
    /** How the process ended; undefined while it runs. */
    end(): string | undefined;
}

async function launch(state: StateFolder, record: ServerRecord): Promise<Launched> {
    const log = await open(state.log, 'w');
    const child = spawn(venvPython(state), ['-I', '-m', 'localstack.runtime.main'], {
        cwd: state.run,
        env: serverEnvironment(state, record),
        stdio: ['ignore', log.fd, log.fd],
        detached: true,
    });
    let end: string | undefined;
    child.once('exit', (code, signal) => {
        end = signal ?? `code ${code}`;
    });
    child.once('error', (error) => {
        end = error.message;
    });
    child.unref();
    await log.close();
    return { pid: child.pid, end: () => end };
}

async function startFailed(state: StateFolder, what: string): Promise<TransientError> {
    await stopServer(state);
    const lines = await lastLines(state.log, 20);
    return new TransientError(
        `${what} To install it anew, delete ${state.venv}. The log is ${state.log}; its last lines:\n${lines}`,
    );
}

/** What stopping a server came to. */
export interface Stopped {
    /** False when there was none. */
    readonly wasRunning: boolean;
    /** The numbers of its processes. */
    readonly killed: readonly number[];
}

/**
 * Ends the server and every process it started, and removes the files of its run; also after a server that was
 * killed. The installation and the log stay. The server gets no time to end by itself: it takes 4 to 20 s and
 * has nothing to save.
 */
export async function stopServer(state: StateFolder): Promise<Stopped> {
    const record = await readRecord(state);
    if (record === undefined) return { wasRunning: false, killed: [] };
    const wasRunning = (await runningServer(state)) !== undefined;
    const killed = await killAll(record.id);
    await rm(state.run, { recursive: true, force: true, maxRetries: 3 });
    await rm(state.record, { force: true });
    return { wasRunning, killed };
}
