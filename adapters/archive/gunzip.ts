import { createReadStream, createWriteStream } from 'node:fs';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { createGunzip, gunzip } from 'node:zlib';
import { EntryError } from './entry-error.ts';

const gunzipBytes = promisify(gunzip);

/**
 * The content of gzip bytes; undefined when it is larger than `held`, which is not held in memory.
 * Throws EntryError when they are cut off or damaged.
 */
export async function gunzipHeld(bytes: Buffer, held: number): Promise<Buffer | undefined> {
    try {
        return await gunzipBytes(bytes, { maxOutputLength: held });
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') return undefined;
        return damaged(error as NodeJS.ErrnoException);
    }
}

/**
 * Decompresses gzip bytes, or a gzip file at a path, into a file. Returns its size. Throws EntryError when they are cut
 * off or damaged, and when they hold more than `most` bytes.
 */
export async function gunzipTo(path: string, from: Buffer | string, most: number): Promise<number> {
    let size = 0;
    const counting = new Transform({
        transform(chunk: Buffer, _encoding, done) {
            size += chunk.length;
            if (size > most) done(new EntryError(`it decompresses to more than ${most} bytes, as gzip bombs do`));
            else done(null, chunk);
        },
    });
    const source = typeof from === 'string' ? createReadStream(from) : Readable.from([from], { objectMode: false });
    await pipeline(source, createGunzip(), counting, createWriteStream(path)).catch(damaged);
    return size;
}

function damaged(error: NodeJS.ErrnoException): never {
    if (error.code === 'Z_BUF_ERROR') throw new EntryError('the gzip file in the archive ends early; make it again');
    if (error.code?.startsWith('Z_'))
        throw new EntryError(`the gzip file in the archive is damaged (${error.message})`);
    throw error;
}
