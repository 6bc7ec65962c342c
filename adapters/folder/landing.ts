import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { UsageError } from '#core/errors.ts';
import type { LandingStore } from '#core/store/ports.ts';
import type { ObjectRef } from '#core/types.ts';
import { VERSION_LENGTH } from './content-version.ts';
import { codeOf, onDisk, pathOf, uniqueName } from './disk.ts';

/** Landed files in a folder, stored as `landing/<dataset>/<version>-<file name>`; the version is the content's hash. */
export function createFolderLanding(root: string): LandingStore {
    const temporary = join(root, 'tmp');
    const locate = (ref: ObjectRef) => pathOf(root, join(dirname(ref.key), `${ref.version}-${basename(ref.key)}`));

    return {
        async land(key, sourcePath) {
            const draft = join(temporary, uniqueName());
            try {
                return await onDisk(key, async () => {
                    await mkdir(temporary, { recursive: true });
                    const ref = { bucket: 'lake', key, version: await copyAndHash(sourcePath, draft) };
                    const target = locate(ref);
                    if (await statOf(target)) return ref;
                    await mkdir(dirname(target), { recursive: true });
                    await rename(draft, target);
                    return ref;
                });
            } finally {
                await rm(draft, { force: true });
            }
        },
        async head(ref) {
            const found = await statOf(locate(ref));
            return found && { size: found.size, landedAt: found.mtime.toISOString() };
        },
        async open(ref) {
            return { path: locate(ref), release: async () => undefined };
        },
    };
}

async function statOf(path: string): Promise<Stats | undefined> {
    try {
        return await stat(path);
    } catch (error) {
        if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
        throw error;
    }
}

/** Bytes that are read at once: with more, the processor's cache no longer holds them. */
const CHUNK = 1 << 20;

/** Copies a file and returns the version of what was copied. Throws UsageError when it cannot be read. */
async function copyAndHash(from: string, to: string): Promise<string> {
    const source = await open(from).catch((error: unknown) => refuse(from, error));
    try {
        const target = await open(to, 'w');
        try {
            return await copyChunks(source, target, from);
        } finally {
            await target.close();
        }
    } finally {
        await source.close();
    }
}

/** While a chunk is hashed, it is written and the next one is read: two buffers serve a file of any size. */
async function copyChunks(source: FileHandle, target: FileHandle, from: string): Promise<string> {
    const hash = createHash('sha256');
    let [filling, spare] = [Buffer.allocUnsafe(CHUNK), Buffer.allocUnsafe(CHUNK)];
    const read = () => source.read(filling, 0, CHUNK, null).catch((error: unknown) => refuse(from, error));
    let { bytesRead } = await read();
    while (bytesRead > 0) {
        const chunk = filling.subarray(0, bytesRead);
        [filling, spare] = [spare, filling];
        const moved = Promise.all([read(), target.writeFile(chunk)]);
        hash.update(chunk);
        [{ bytesRead }] = await moved;
    }
    return hash.digest('hex').slice(0, VERSION_LENGTH);
}

const UNREADABLE: Readonly<Record<string, string>> = {
    ENOENT: 'it does not exist',
    EISDIR: 'it is a folder',
    EACCES: 'no permission',
    EPERM: 'no permission',
};

function refuse(path: string, error: unknown): never {
    const reason = UNREADABLE[codeOf(error) ?? ''];
    if (reason === undefined) throw error;
    throw new UsageError(`Cannot read ${path}: ${reason}.`, { cause: error });
}
