import { execFile } from 'node:child_process';
import { link, readFile, readlink, realpath, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { TransientError } from '#core/errors.ts';
import { isNameAlive, processName } from '../process-identity.ts';
import { uniqueName } from './presence.ts';

/** A server process that runs on a data folder. */
export interface Postmaster {
    readonly pid: number;
    readonly port: number;
    /** As PostgreSQL writes it; `starting` while there is nothing written yet. */
    readonly status: 'starting' | 'stopping' | 'ready' | 'standby';
}

/** How long to wait for a fast shutdown (sessions end, data is written), then for an immediate one; milliseconds. */
export const STOP_PATIENCE = { fast: 20_000, immediate: 10_000 };

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
    if (!(pid > 0) || processName(pid) === undefined || !(await worksIn(pid, data))) return undefined;
    return { pid, port: Number(lines[3] ?? 0), status: (lines[7]?.trim() || 'starting') as Postmaster['status'] };
}

async function endsWithin(milliseconds: number, identity: string): Promise<boolean> {
    const deadline = Date.now() + milliseconds;
    while (Date.now() < deadline) {
        if (!isNameAlive(identity)) return true;
        await sleep(10);
    }
    return false;
}

/**
 * Removes a lock file whose process is alive but no server of this data: after a reboot, or in a restarted
 * container, the pid is another program's, and PostgreSQL would refuse to start. It still finds backends that
 * outlived their server, by the shared memory of the data folder.
 */
export async function discardForeignLock(data: string): Promise<void> {
    const lock = join(data, 'postmaster.pid');
    const stale = await readFile(lock, 'utf8').catch(() => undefined);
    if (stale === undefined || (await findPostmaster(data)) !== undefined) return;
    const aside = `${lock}.${await uniqueName()}`;
    await rename(lock, aside).catch(() => undefined);
    const taken = await readFile(aside, 'utf8').catch(() => undefined);
    // Somebody else got a server going in between: its lock file goes back.
    if (taken !== undefined && taken !== stale) await link(aside, lock).catch(() => undefined);
    await rm(aside, { force: true });
}

/**
 * Stops the server of a data folder, if one runs, and waits until it is gone: fast, or immediately if that takes
 * too long.
 *
 * @throws TransientError when it does not end
 */
export async function stopPostmaster(data: string, patience = STOP_PATIENCE): Promise<void> {
    const found = await findPostmaster(data);
    const identity = found && processName(found.pid);
    if (found === undefined || identity === undefined) return;
    for (const [signal, milliseconds] of [
        ['SIGINT', patience.fast],
        ['SIGQUIT', patience.immediate],
    ] as const) {
        try {
            process.kill(found.pid, signal);
        } catch {
            // It ended meanwhile, or belongs to somebody else; waiting tells which.
        }
        if (await endsWithin(milliseconds, identity)) return;
    }
    throw new TransientError(
        `The embedded PostgreSQL (pid ${found.pid}) does not stop. Wait, or end it: kill -QUIT ${found.pid}`,
    );
}
