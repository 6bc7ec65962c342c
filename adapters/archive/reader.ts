import { ContractError } from '#core/errors.ts';
import type { ArchiveReader } from '#core/ingest/ports.ts';
import { readDirectory } from './directory.ts';
import { ARCHIVE_LIMITS, type ArchiveLimits } from './limits.ts';
import { isZip } from './magic.ts';
import { createPartFiles } from './part-files.ts';
import { type ArchiveSource, fileSource } from './source.ts';
import { turnsByArrival } from './turns.ts';
import { unpackedParts } from './unpack.ts';
import { usageOf } from './usage.ts';

/**
 * Reads zip archives with yauzl and Node.js's own zlib. Nothing is written under a name that stands in an archive; parts
 * are written to `folder`, which nobody else uses and which is made when it is needed.
 */
export function createArchiveReader(folder: string, limits: ArchiveLimits = ARCHIVE_LIMITS): ArchiveReader {
    const files = createPartFiles(folder);
    const come = turnsByArrival();
    return {
        isArchive: isZip,
        async list(path) {
            return withSource(path, async (source) => {
                const entries = await readDirectory(source, limits.entries);
                if (entries.length === 0) throw new ContractError('The zip archive holds no files. Make it again.');
                return entries.length;
            });
        },
        async *unpack(path, mostBytes) {
            await files.prepare();
            const source = await fileSource(path);
            const place = come();
            const lower = { ...limits, totalBytes: Math.min(limits.totalBytes, mostBytes) };
            try {
                for await (const part of unpackedParts(source, usageOf(lower, source.size, files, place))) {
                    place.pause();
                    yield part;
                }
            } finally {
                place.pause();
                await source.close();
            }
        },
        takeBack: files.takeBack,
        close: files.close,
    };
}

async function withSource<T>(path: string, work: (source: ArchiveSource) => Promise<T>): Promise<T> {
    const source = await fileSource(path);
    try {
        return await work(source);
    } finally {
        await source.close();
    }
}
