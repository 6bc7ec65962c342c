import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { to } from 'pg-copy-streams';

export interface Copied {
    readonly rows: number;
    readonly bytes: number;
    /** SHA-256 of the text. */
    readonly hash: string;
}

/** Streams the rows of a statement to a file as CSV with a heading; without a path, only counts and hashes them. */
export async function copyOut(client: pg.Client, select: string, path: string | undefined): Promise<Copied> {
    const copy = client.query(to(`copy (${select}) to stdout (format csv, header true)`));
    const hash = createHash('sha256');
    let bytes = 0;
    const measured = async function* (chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) {
            hash.update(chunk);
            bytes += chunk.length;
            if (path !== undefined) yield chunk;
        }
    };
    if (path === undefined) for await (const _ of measured(copy));
    else await pipeline(copy, measured, createWriteStream(path));
    return { rows: copy.rowCount, bytes, hash: hash.digest('hex') };
}
