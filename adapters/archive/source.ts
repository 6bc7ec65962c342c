import { createReadStream, readFileSync, statSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { letGo } from '../folder/let-go.ts';

/** Archives up to this size are read whole: one read instead of several for each file in it. */
const HELD_BYTES = 64 * 1024 * 1024;

/** The bytes of an archive, in memory or on disk. */
export interface ArchiveSource {
    readonly size: number;
    /** All bytes, where they are held in memory. */
    readonly held: Buffer | undefined;
    /** Where they lie on disk, where they are not held. */
    readonly file: FileHandle | undefined;
    read(start: number, length: number): Promise<Buffer>;
    stream(start: number, length: number): Readable;
    close(): Promise<void>;
}

/** Bytes in memory, which are given back when the source is closed. */
export function heldSource(bytes: Buffer): ArchiveSource {
    const cut = (start: number, length: number) => bytes.subarray(start, start + length);
    return {
        size: bytes.length,
        held: bytes,
        file: undefined,
        read: async (start, length) => cut(start, length),
        stream: (start, length) => Readable.from([cut(start, length)], { objectMode: false }),
        close: async () => letGo(bytes),
    };
}

/** Opens an archive on disk; small ones are held in memory. */
export async function fileSource(path: string): Promise<ArchiveSource> {
    const { size } = statSync(path);
    if (size <= HELD_BYTES) return heldSource(readFileSync(path));
    const file = await open(path, 'r');
    return {
        size,
        held: undefined,
        file,
        async read(start, length) {
            const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, start);
            return buffer.subarray(0, bytesRead);
        },
        stream: (start, length) =>
            length === 0 ? Readable.from([]) : createReadStream(path, { start, end: start + length - 1 }),
        close: () => file.close(),
    };
}
