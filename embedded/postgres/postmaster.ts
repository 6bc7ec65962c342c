import { execFile } from 'node:child_process';
import { readFile, readlink, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { TransientError } from '#core/errors.ts';
import { isAlive, processIdentity } from './process-identity.ts';

/** A server process that runs on a data folder. */
export interface Postmaster {
    readonly pid: number;
    readonly port: number;
    /** As PostgreSQL writes it; `starting` while there is nothing written yet. */
    readonly status: 'starting' | 'stopping' | 'ready' | 'standby';
}

const FAST_SHUTDOWN_MS = 20_000;
const IMMEDIATE_SHUTDOWN_MS = 10_000;

/** After a reboot the pid in the lock file may be anybody's; a server's working directory is its data folder. */
async function worksIn(pid: number, data: string): Promise<boolean> {
    if (process.platform === 'linux') {
        const cwd = await readlink(`/proc/${pid}/cwd`).catch((error) => error.code === 'EACCES');
        return cwd === true || cwd === (await realpath(data));
    }
    const { stdout } = await promisify(execFile)('ps', ['-o', 'command=', '-p', String(pid)]);
    return stdout.includes(data);
}

/**
 * The server that runs on a data folder, by its lock file `postmaster.pid`; undefined when none does, also when
 * the file was left by a crash.
 */
export async function findPostmaster(data: string): Promise<Postmaster | undefined> {
    const text = await readFile(join(data, 'postmaster.pid'), 'utf8').catch((error) => {
        if (error.code === 'ENOENT') return '';
        throw error;
    });
    // Lines: pid, data folder, start, port, socket folder, address, shared memory key, status.
    const lines = text.split('\n');
    const pid = Number(lines[0]);
    if (!(pid > 0) || (await processIdentity(pid)) === undefined || !(await worksIn(pid, data))) return undefined;
    return { pid, port: Number(lines[3] ?? 0), status: (lines[7]?.trim() || 'starting') as Postmaster['status'] };
}

async function endsWithin(milliseconds: number, identity: string): Promise<boolean> {
    const deadline = Date.now() + milliseconds;
    while (Date.now() < deadline) {
        if (!(await isAlive(identity))) return true;
        await sleep(10);
    }
    return false;
}

/**
 * Stops the server of a data folder, if one runs, and waits until it is gone: fast (sessions end, data is
 * written), or immediately if that takes too long.
 *
 * @throws TransientError when it does not end
 */
export async function stopPostmaster(data: string): Promise<void> {
    const found = await findPostmaster(data);
    const identity = found && (await processIdentity(found.pid));
    if (found === undefined || identity === undefined) return;
    for (const [signal, patience] of [
        ['SIGINT', FAST_SHUTDOWN_MS],
        ['SIGQUIT', IMMEDIATE_SHUTDOWN_MS],
    ] as const) {
        try {
            process.kill(found.pid, signal);
        } catch {
            // It ended meanwhile, or belongs to somebody else; waiting tells which.
        }
        if (await endsWithin(patience, identity)) return;
    }
    throw new TransientError(
        `The embedded PostgreSQL (pid ${found.pid}) does not stop. Wait, or end it: kill -QUIT ${found.pid}`,
    );
}
