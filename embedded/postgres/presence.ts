import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PipelineError, TransientError } from '#core/errors.ts';
import { isNameAlive, processName } from '../process-identity.ts';

/** An empty file that says "the process in my name is here". */
export interface Presence {
    readonly name: string;
    /** Takes it back; a second call does nothing. */
    leave(): Promise<void>;
}

/** A name that nobody else has, now or later, and that tells which process took it. */
export async function uniqueName(pid: number = process.pid): Promise<string> {
    const identity = processName(pid);
    if (identity === undefined) {
        throw new PipelineError(`Process ${pid} is not in the process list; mount /proc or install ps.`);
    }
    return `${identity}-${randomBytes(4).toString('hex')}`;
}

/** Whether the process that took a unique name still runs. */
export async function ownerIsAlive(name: string): Promise<boolean> {
    return isNameAlive(name.slice(0, name.lastIndexOf('-')));
}

/** Puts this process on record in a folder; a process may be there several times. */
export async function enter(folder: string): Promise<Presence> {
    const name = await uniqueName();
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, name), '', { flag: 'wx' });
    return { name, leave: () => rm(join(folder, name), { force: true }) };
}

/**
 * Who is on record in a folder, except `own`. Records of processes that are gone are removed and counted: their
 * names never come back, so removing them cannot hit a live one.
 */
export async function present(folder: string, own?: Presence): Promise<{ alive: string[]; gone: number }> {
    const names = await readdir(folder).catch(() => []);
    const alive: string[] = [];
    let gone = 0;
    for (const name of names) {
        if (name === own?.name) continue;
        if (await ownerIsAlive(name)) {
            alive.push(name);
        } else {
            gone += 1;
            await rm(join(folder, name), { force: true });
        }
    }
    return { alive, gone };
}

/** For what a process had begun right before it was killed. */
const GRACE_MS = 200;

/**
 * Waits until nobody is on record in a folder.
 *
 * @throws TransientError when somebody still is after `timeout` milliseconds
 */
export async function untilEmpty(folder: string, timeout: number): Promise<void> {
    const deadline = Date.now() + timeout;
    for (;;) {
        const { alive, gone } = await present(folder);
        if (alive.length === 0 && gone === 0) return;
        if (Date.now() > deadline) {
            throw new TransientError(
                `Process ${Number.parseInt(alive[0] ?? '', 10)} should have ended what it does in ${folder} by now. ` +
                    'Wait for it or end it, then try again.',
            );
        }
        await sleep(gone > 0 ? GRACE_MS : 10);
    }
}
