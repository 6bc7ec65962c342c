import { join } from 'node:path';
import { ContractError } from '#core/errors.ts';
import type { ArchiveReader } from '#core/ingest/ports.ts';
import { readDirectory } from './directory.ts';
import { ARCHIVE_LIMITS, type ArchiveLimits } from './limits.ts';
import { isZip } from './magic.ts';
import { type ArchiveSource, fileSource } from './source.ts';
import { unpackedParts } from './unpack.ts';
import { usageOf } from './usage.ts';

/** Reads zip archives with yauzl and Node.js's own zlib. Nothing is written under a name that stands in an archive. */
export function createArchiveReader(limits: ArchiveLimits = ARCHIVE_LIMITS): ArchiveReader {
    return {
        isArchive: isZip,
        async list(path) {
            return withSource(path, async (source) => {
                const entries = await readDirectory(source, limits.entries);
                if (entries.length === 0) throw new ContractError('The zip archive holds no files. Make it again.');
                return entries.length;
            });
        },
        async *unpack(path, folder, mostBytes) {
            const source = await fileSource(path);
            const lower = { ...limits, totalBytes: Math.min(limits.totalBytes, mostBytes) };
            try {
                yield* unpackedParts(
                    source,
                    usageOf(lower, source.size, (number) => join(folder, `${number}.part`)),
                );
            } finally {
                await source.close();
            }
        },
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
