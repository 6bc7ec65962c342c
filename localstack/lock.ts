import { link, mkdir, readFile, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { UsageError } from '#core/errors.ts';
import { isNameAlive, processName } from '#embedded/process-identity.ts';
import type { StateFolder } from './state.ts';

/**
 * Runs `work` while no other process installs, starts or stops this state folder's server. Throws UsageError when
 * one does. A lock whose owner was killed is taken over.
 */
export async function withLock<T>(state: StateFolder, work: () => Promise<T>): Promise<T> {
    await mkdir(state.root, { recursive: true });
    const own = `${state.lock}.${process.pid}`;
    await writeFile(own, processName(process.pid) ?? '');
    try {
        await acquire(state.lock, own);
    } finally {
        await rm(own, { force: true });
    }
    try {
        return await work();
    } finally {
        await unlink(state.lock);
    }
}

/** A link is made whole or not at all, so a lock is never seen empty. */
async function acquire(lock: string, own: string): Promise<void> {
    if (await linked(own, lock)) return;
    const owner = await readFile(lock, 'utf8').catch(() => '');
    if (isNameAlive(owner)) throw busy(lock, owner);
    await discard(lock, owner);
    if (!(await linked(own, lock))) throw busy(lock, await readFile(lock, 'utf8').catch(() => 'unknown'));
}

async function linked(own: string, lock: string): Promise<boolean> {
    try {
        await link(own, lock);
        return true;
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
        throw error;
    }
}

/** Removes the lock of a dead owner, unless another process has replaced it by its own since it was read. */
async function discard(lock: string, deadOwner: string): Promise<void> {
    const aside = `${lock}.stale.${process.pid}`;
    const moved = await rename(lock, aside).then(
        () => true,
        () => false,
    );
    if (!moved) return;
    if ((await readFile(aside, 'utf8')) !== deadOwner) await linked(aside, lock);
    await unlink(aside);
}

function busy(lock: string, owner: string): UsageError {
    const pid = owner.split('-')[0];
    return new UsageError(`Process ${pid} is starting or stopping LocalStack (${lock}). Wait for it and try again.`);
}
