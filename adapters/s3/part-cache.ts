import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { onDisk } from '../folder/disk.ts';

/** A copy that stays where it is until `release`. */
export interface HeldCopy {
    readonly path: string;
    release(): Promise<void>;
}

/** Copies of immutable objects on this machine's disk, for as long as the process lives. */
export interface PartCache {
    /** The copy of a key; `fetch` writes it to a path where there is none. Those who ask at once share one fetch. */
    open(key: string, fetch: (path: string) => Promise<void>): Promise<HeldCopy>;
    /** Takes over a file that was uploaded under a key. */
    keep(key: string, path: string): Promise<void>;
    /** For a key that is removed or written again. */
    forget(key: string): Promise<void>;
}

interface Copy {
    readonly path: string;
    bytes: number;
    users: number;
    readonly fetched: Promise<void>;
}

/**
 * A cache of at most `mostBytes` besides what is in use; what was not asked for longest goes first. The folder
 * belongs to this cache alone: what an earlier process left in it is removed.
 */
export function createPartCache(options: { readonly folder: string; readonly mostBytes: number }): PartCache {
    const { folder, mostBytes } = options;
    // In the order of use, the latest last.
    const copies = new Map<string, Copy>();
    let emptied: Promise<unknown> | undefined;

    async function newPath(): Promise<string> {
        emptied ??= rm(folder, { recursive: true, force: true }).then(() => mkdir(folder, { recursive: true }));
        await onDisk('the folder for copies of parts', () => emptied as Promise<unknown>);
        return join(folder, `${randomUUID()}.parquet`);
    }

    function add(key: string, path: string, write: () => Promise<void>): Copy {
        const fetched = write().then(async () => {
            copy.bytes = (await stat(path)).size;
        });
        const copy: Copy = { path, bytes: 0, users: 0, fetched };
        copies.set(key, copy);
        return copy;
    }

    async function drop(key: string, copy: Copy): Promise<void> {
        if (copies.get(key) === copy) copies.delete(key);
        if (copy.users === 0) await rm(copy.path, { force: true });
    }

    async function makeRoom(): Promise<void> {
        let bytes = copies.values().reduce((sum, copy) => sum + copy.bytes, 0);
        for (const [key, copy] of [...copies]) {
            if (bytes <= mostBytes) return;
            if (copy.users > 0) continue;
            bytes -= copy.bytes;
            await drop(key, copy);
        }
    }

    return {
        async open(key, fetch) {
            const path = await newPath();
            const copy = copies.get(key) ?? add(key, path, () => fetch(path));
            copies.delete(key);
            copies.set(key, copy);
            copy.users++;
            let released = false;
            const release = async () => {
                if (released) return;
                released = true;
                copy.users--;
                // It was removed or written again while it was read.
                if (copies.get(key) !== copy) await drop(key, copy);
                await makeRoom();
            };
            try {
                await copy.fetched;
            } catch (error) {
                if (copies.get(key) === copy) copies.delete(key);
                await release();
                throw error;
            }
            return { path: copy.path, release };
        },
        async keep(key, path) {
            await this.forget(key);
            const own = await newPath();
            await add(key, own, () => rename(path, own)).fetched;
            await makeRoom();
        },
        async forget(key) {
            const copy = copies.get(key);
            if (copy) await drop(key, copy);
        },
    };
}
