import { createWriteStream } from 'node:fs';
import { Transform, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw, inflateRawSync } from 'node:zlib';
import { loadCrc32 } from './checksum.ts';
import type { ArchiveEntry } from './directory.ts';
import { EntryError } from './entry-error.ts';
import type { ArchiveLimits } from './limits.ts';
import type { ArchiveSource } from './source.ts';

/** Files up to this size are inflated in memory, larger ones to disk. */
export const HELD_BYTES = 8 * 1024 * 1024;

/** Bytes; zlib takes no less. */
const LEAST_PIECE = 64;

/** Why an entry is not to be inflated, going by what its header says; its data are held to the same afterwards. */
export function refusal({ size, compressedSize }: ArchiveEntry, limits: ArchiveLimits): string | undefined {
    if (size > limits.partBytes) {
        return `it inflates to ${megabytes(size)}, more than the ${megabytes(limits.partBytes)} one file may hold`;
    }
    if (size > limits.ratioFrom && size > compressedSize * limits.ratio) {
        return `it inflates to ${Math.round(size / Math.max(compressedSize, 1))} times its size, as zip bombs do; at most ${limits.ratio} times are read`;
    }
    return undefined;
}

/** The bytes of a small entry. Throws EntryError when they are not what the header says. */
export async function inflated(source: ArchiveSource, entry: ArchiveEntry): Promise<Buffer> {
    const packed = await source.read(entry.start, entry.compressedSize);
    const bytes = entry.compression === 'stored' ? packed : inflatedHere(packed, entry);
    const crc32 = await loadCrc32();
    requireAsSaid(entry, bytes.length, crc32(bytes));
    return bytes;
}

/** Synchronously: handing a small entry to another thread, and hearing of it, takes longer than inflating it. */
function inflatedHere(packed: Buffer, entry: ArchiveEntry): Buffer {
    // One byte more than the header says: data that are longer are noticed, and not inflated further.
    const most = entry.size + 1;
    try {
        // All in one piece: pieces of 16 KB, the default, keep the collector of garbage busy.
        return inflateRawSync(packed, { maxOutputLength: most, chunkSize: Math.max(most, LEAST_PIECE) });
    } catch (error) {
        return damaged(error as NodeJS.ErrnoException, entry);
    }
}

/** Inflates an entry into a file. Throws EntryError when its data are not what the header says. */
export async function inflateTo(path: string, source: ArchiveSource, entry: ArchiveEntry): Promise<void> {
    const crc32 = await loadCrc32();
    const seen = { size: 0, crc: 0 };
    const counting = new Transform({
        transform(chunk: Buffer, _encoding, done) {
            seen.size += chunk.length;
            seen.crc = crc32(chunk, seen.crc);
            if (seen.size > entry.size) done(new EntryError(longer(entry)));
            else done(null, chunk);
        },
    });
    const steps: (Transform | Writable)[] = [counting, createWriteStream(path)];
    if (entry.compression === 'deflate') steps.unshift(createInflateRaw());
    await pipeline([source.stream(entry.start, entry.compressedSize), ...steps]).catch((error) =>
        damaged(error, entry),
    );
    requireAsSaid(entry, seen.size, seen.crc);
}

function requireAsSaid(entry: ArchiveEntry, size: number, crc: number): void {
    if (size !== entry.size) {
        throw new EntryError(
            size > entry.size ? longer(entry) : `its header is false: it says ${entry.size} bytes, there are ${size}`,
        );
    }
    if (crc !== entry.crc32) throw new EntryError('it is damaged: its bytes do not have the checksum of its header');
}

function longer({ size }: ArchiveEntry): string {
    return `its header is false: it says ${size} bytes, there are more`;
}

function damaged(error: NodeJS.ErrnoException, entry: ArchiveEntry): never {
    if (error.code === 'ERR_BUFFER_TOO_LARGE') throw new EntryError(longer(entry));
    if (error.code?.startsWith('Z_')) throw new EntryError(`it is damaged (${error.message})`);
    throw error;
}

function megabytes(bytes: number): string {
    return `${Math.round(bytes / 1e6).toLocaleString('en-US')} MB`;
}
