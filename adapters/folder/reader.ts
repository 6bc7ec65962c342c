import { createReadStream, createWriteStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createGunzip, gunzipSync } from 'node:zlib';
import { ContractError, coerceError } from '#core/errors.ts';
import type { FileReader } from '#core/ingest/ports.ts';
import { codeOf, onDisk, uniqueName } from './disk.ts';

/** Reads files of this machine; decompression and transcoding stream through Node.js's own codecs. */
export function createFileReader(): FileReader {
    return {
        async head(path, bytes) {
            const file = await open(path, 'r');
            try {
                const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, 0);
                const raw = buffer.subarray(0, bytesRead);
                if (raw[0] !== 0x1f || raw[1] !== 0x8b) return { bytes: raw, compression: 'none' };
                return { bytes: unzipHead(raw, bytes), compression: 'gzip' };
            } finally {
                await file.close();
            }
        },
        async plain(path, coding, folder, mostBytes) {
            const target = join(folder, `${uniqueName()}.plain`);
            const steps = [
                ...(coding.compression === 'gzip' ? [createGunzip()] : []),
                atMost(mostBytes),
                ...(coding.encoding === 'utf-8' ? [] : [toUtf8(coding.encoding)]),
            ];
            await onDisk('the decompressed file', () =>
                pipeline([createReadStream(path), ...steps, createWriteStream(target)]),
            ).catch((error: unknown) => explain(error));
            return target;
        },
        remove: (path) => rm(path, { recursive: true, force: true }),
    };
}

function unzipHead(raw: Buffer, bytes: number): Buffer {
    try {
        // SYNC_FLUSH: the head of a gzip file is not a whole one.
        return gunzipSync(raw, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 1 << 26 }).subarray(0, bytes);
    } catch (error) {
        throw new ContractError(
            `The file starts like gzip but is corrupt (${coerceError(error).message}). Send it again.`,
        );
    }
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
