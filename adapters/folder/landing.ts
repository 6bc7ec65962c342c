import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, type Stats } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
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

async function copyAndHash(from: string, to: string): Promise<string> {
    const hash = createHash('sha256');
    const source = createReadStream(from, { highWaterMark: 1 << 20 });
    const target = createWriteStream(to);
    source.on('error', () => undefined);
    try {
        await pipeline(
            source,
            async function* (chunks: AsyncIterable<Buffer>) {
                for await (const chunk of chunks) {
                    hash.update(chunk);
                    yield chunk;
                }
            },
            target,
        );
    } catch (error) {
        // A target still being opened would appear after the caller has removed it.
        if (!target.closed) await new Promise<void>((closed) => target.once('close', closed));
        const code = codeOf(error);
        if (code === 'EACCES' || code === 'ENOENT' || code === 'EISDIR' || code === 'EPERM') {
            const reason =
                code === 'ENOENT' ? 'it does not exist' : code === 'EISDIR' ? 'it is a folder' : 'no permission';
            throw new UsageError(`Cannot read ${from}: ${reason}.`, { cause: error });
        }
        throw error;
    }
    return hash.digest('hex').slice(0, VERSION_LENGTH);
}
