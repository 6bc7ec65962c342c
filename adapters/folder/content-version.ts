import { createHash, hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

/** The version of content: equal bytes have an equal one, whatever their name and place. */
export function versionOfBytes(bytes: Buffer): string {
    return hash('sha256', bytes).slice(0, VERSION_LENGTH);
}

/** The same of a file's content. */
export async function versionOfFile(path: string): Promise<string> {
    const hash = createHash('sha256');
    await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
    return hash.digest('hex').slice(0, VERSION_LENGTH);
}

/** Hexadecimal digits of SHA-256 that are kept: enough for all files anybody will ever have. */
export const VERSION_LENGTH = 32;
