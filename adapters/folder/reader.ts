import { closeSync, createReadStream, createWriteStream, openSync, readSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { ContractError, coerceError } from '#core/errors.ts';
import type { FileReader } from '#core/ingest/ports.ts';
import { identityOfFile } from '../blake3/content-identity.ts';
import { codeOf, onDisk, uniqueName } from './disk.ts';

/**
 * Reads files of this machine; decompression and transcoding stream through Node.js's own codecs. A head is read, and a
 * file removed, synchronously: both take less time than a turn among the threads.
 */
export function createFileReader(): FileReader {
    return {
        async head(path, bytes) {
            const raw = firstBytes(path, bytes);
            if (raw[0] !== 0x1f || raw[1] !== 0x8b) return { bytes: raw, compression: 'none' };
            return { bytes: await unzipHead(path, bytes).catch(explain), compression: 'gzip' };
        },
        async plain(path, coding, folder, mostBytes) {
            const target = join(folder, `${uniqueName()}.plain`);
            const steps = [
                ...(coding.compression === 'gzip' ? [createGunzip()] : []),
                atMost(mostBytes),
                ...(coding.encoding === 'utf-8' ? [] : [toUtf8(coding.encoding)]),
                ...(coding.blankBytes === 0 ? [] : [without(coding.blankBytes)]),
            ];
            await onDisk('the decompressed file', () =>
                pipeline([createReadStream(path), ...steps, createWriteStream(target)]),
            ).catch((error: unknown) => explain(error));
            return target;
        },
        version: identityOfFile,
        remove: async (path) => rmSync(path, { recursive: true, force: true }),
    };
}

function firstBytes(path: string, bytes: number): Buffer {
    const file = openSync(path, 'r');
    try {
        const buffer = Buffer.allocUnsafe(bytes);
        return buffer.subarray(0, readSync(file, buffer, 0, bytes, 0));
    } finally {
        closeSync(file);
    }
}

/** Decompresses no more than is asked for: a few kilobytes of gzip can hold gigabytes. */
async function unzipHead(path: string, bytes: number): Promise<Buffer> {
    const source = createReadStream(path);
    const unzipped = createGunzip();
    source.on('error', (error) => unzipped.destroy(error)).pipe(unzipped);
    const chunks: Buffer[] = [];
    let size = 0;
    try {
        for await (const chunk of unzipped) {
            chunks.push(chunk);
            size += chunk.length;
            if (size >= bytes) break;
        }
    } finally {
        source.destroy();
    }
    return Buffer.concat(chunks).subarray(0, bytes);
}

function atMost(limit: number): Transform {
    let seen = 0;
    return new Transform({
        transform(chunk: Buffer, _encoding, done) {
            seen += chunk.length;
            if (seen > limit) done(new ContractError(tooLarge(limit)));
            else done(null, chunk);
        },
    });
}

function tooLarge(limit: number): string {
    return `The file decompresses to more than ${Math.round(limit / 1e6)} MB, the most one file may hold. Split it.`;
}

function toUtf8(encoding: 'utf-16le' | 'utf-16be'): Transform {
    const decoder = new TextDecoder(encoding);
    return new Transform({
        transform(chunk: Buffer, _encoding, done) {
            done(null, decoder.decode(chunk, { stream: true }));
        },
        flush(done) {
            done(null, decoder.decode());
        },
    });
}

/** Drops the first bytes of a text, and a byte order mark before them. */
function without(bytes: number): Transform {
    let left = bytes;
    let isFirst = true;
    return new Transform({
        transform(chunk: Buffer, _encoding, done) {
            if (isFirst && chunk.subarray(0, 3).toString('latin1') === '\xef\xbb\xbf') left += 3;
            isFirst = false;
            const dropped = Math.min(left, chunk.length);
            left -= dropped;
            done(null, chunk.subarray(dropped));
        },
    });
}

function explain(error: unknown): never {
    const code = codeOf(error);
    if (code === 'Z_BUF_ERROR') {
        throw new ContractError('The gzip file ends early: the upload or the compression was cut off. Send it again.');
    }
    if (code?.startsWith('Z_')) {
        throw new ContractError(`The gzip file is corrupt (${coerceError(error).message}). Send it again.`);
    }
    throw error;
}
