import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, type Stats, statSync, writeFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { UsageError } from '#core/errors.ts';
import type { LandingStore } from '#core/store/ports.ts';
import type { ObjectRef } from '#core/types.ts';
import { VERSION_LENGTH, versionOfBytes } from './content-version.ts';
import { codeOf, onDisk, pathOf, uniqueName } from './disk.ts';
import { letGo } from './let-go.ts';

/** Landed files in a folder, stored as `landing/<dataset>/<version>-<file name>`; the version is the content's hash. */
export function createFolderLanding(root: string): LandingStore {
    const temporary = join(root, 'tmp');
    const locate = (ref: ObjectRef) => pathOf(root, join(dirname(ref.key), `${ref.version}-${basename(ref.key)}`));

    async function landed(key: string, sourcePath: string, draft: string): Promise<ObjectRef> {
        const bytes = smallFile(sourcePath);
        const version = bytes ? versionOfBytes(bytes) : await copyAndHash(sourcePath, draft);
        const ref = { bucket: 'lake', key, version };
        const target = locate(ref);
        const isThere = statOf(target) !== undefined;
        if (bytes && !isThere) writeFileSync(draft, bytes);
        if (bytes) letGo(bytes);
        if (isThere) return ref;
        mkdirSync(dirname(target), { recursive: true });
        renameSync(draft, target);
        return ref;
    }

    return {
        async land(key, sourcePath) {
            const draft = join(temporary, uniqueName());
            try {
                return await onDisk(key, async () => {
                    mkdirSync(temporary, { recursive: true });
                    return await landed(key, sourcePath, draft);
                });
            } finally {
                rmSync(draft, { force: true });
            }
        },
        async head(ref) {
            const found = statOf(locate(ref));
            return found && { size: found.size, landedAt: found.mtime.toISOString() };
        },
        async open(ref) {
            return { path: locate(ref), release: async () => undefined };
        },
    };
}

function statOf(path: string): Stats | undefined {
    try {
        return statSync(path);
    } catch (error) {
        if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
        throw error;
    }
}

/** Bytes that are read at once: with more, the processor's cache no longer holds them. */
const CHUNK = 1 << 20;

/** All bytes of a file that is landed synchronously, being small: its turns among the threads would take longer. */
function smallFile(path: string): Buffer | undefined {
    try {
        const found = statSync(path);
        return found.isFile() && found.size <= CHUNK ? readFileSync(path) : undefined;
    } catch (error) {
        return refuse(path, error);
    }
}

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
