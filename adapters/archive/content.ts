import { open, rm } from 'node:fs/promises';
import type { ArchiveEntry } from './directory.ts';
import { EntryError } from './entry-error.ts';
import { gunzipHeld, gunzipTo } from './gunzip.ts';
import { HELD_BYTES, inflated, inflateTo, refusal } from './inflate.ts';
import { isGzip } from './magic.ts';
import type { ArchiveSource } from './source.ts';
import type { Usage } from './usage.ts';

/** What is in an entry: in memory where it is small, otherwise on disk. */
export type Content =
    | { readonly bytes: Buffer }
    | { readonly path: string; readonly size: number; readonly head: Buffer };

/** Bytes of a file's beginning that are kept beside it. */
export const HEAD_BYTES = 16 * 1024;

export function headOf(content: Content): Buffer {
    return 'bytes' in content ? content.bytes : content.head;
}

/** Inflates an entry, and decompresses it when it is gzip. Throws EntryError, and TooMuchError for all of the archive. */
export async function entryContent(source: ArchiveSource, entry: ArchiveEntry, usage: Usage): Promise<Content> {
    const problem = entry.problem ?? refusal(entry, usage.limits);
    if (problem !== undefined) throw new EntryError(problem);
    usage.addBytes(entry.size);
    if (entry.size <= HELD_BYTES) {
        const bytes = await inflated(source, entry);
        return isGzip(bytes) ? gunzipped({ bytes }, usage) : { bytes };
    }
    return onDisk(usage, async (path) => {
        await inflateTo(path, source, entry);
        const content = await contentAt(path, entry.size);
        if (!isGzip(content.head)) return content;
        const plain = await gunzipped(content, usage);
        await rm(path);
        return plain;
    });
}

async function gunzipped(
    content: (Content & { bytes: Buffer }) | (Content & { path: string; size: number }),
    usage: Usage,
): Promise<Content> {
    const { limits } = usage;
    const [from, size] = 'bytes' in content ? [content.bytes, content.bytes.length] : [content.path, content.size];
    const held = typeof from === 'string' ? undefined : await gunzipHeld(from, HELD_BYTES);
    if (held) {
        usage.addBytes(held.length);
        return { bytes: held };
    }
    const most = Math.min(limits.partBytes, Math.max(size * limits.ratio, limits.ratioFrom));
    return onDisk(usage, async (path) => {
        const plainSize = await gunzipTo(path, from, most);
        usage.addBytes(plainSize);
        return contentAt(path, plainSize);
    });
}

/** Does something with a new file, beside what others do here; when that fails, the file goes. */
async function onDisk<T>({ files, place }: Usage, work: (path: string) => Promise<T>): Promise<T> {
    place.pause();
    const path = files.newPath();
    try {
        return await work(path);
    } catch (error) {
        await rm(path, { force: true });
        throw error;
    }
}

async function contentAt(path: string, size: number): Promise<Content & { path: string; size: number; head: Buffer }> {
    const file = await open(path, 'r');
    try {
        const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
        return { path, size, head: buffer.subarray(0, bytesRead) };
    } finally {
        await file.close();
    }
}
