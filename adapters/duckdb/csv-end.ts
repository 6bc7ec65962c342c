import { constants } from 'node:fs';
import { appendFile, copyFile, open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { literal } from './text.ts';

/** A closing quote with something behind it, which no CSV file holds. */
const GUARD = '"\u0004';

/**
 * A copy of a CSV file with a guard at its end, and its path. Reading in order, DuckDB drops a last record whose quoted
 * field never ends without a word; behind the guard it is a record with broken quotes like any other. Where the last
 * record ended well, the guard is itself such a last record, and dropped.
 */
export async function withGuardedEnd(path: string, folder: string): Promise<string> {
    const target = join(folder, 'guarded.csv');
    await copyFile(path, target, constants.COPYFILE_FICLONE);
    await appendFile(target, `${(await endsInNewline(target)) ? '' : '\n'}${GUARD}\n`);
    return target;
}

/** The broken records of a file in DuckDB's table of rejects, without guard: `line`, `error_type`, `csv_line`. */
export function brokenRecords(rejects: string): string {
    const line = `replace(csv_line, ${literal(GUARD)}, '')`;
    return `(select line, error_type, ${line} as csv_line from ${rejects} where trim(csv_line, chr(10)) <> ${literal(GUARD)})`;
}

async function endsInNewline(path: string): Promise<boolean> {
    const { size } = await stat(path);
    const file = await open(path, 'r');
    try {
        const { buffer, bytesRead } = await file.read(Buffer.alloc(1), 0, 1, Math.max(size - 1, 0));
        return bytesRead === 1 && buffer[0] === 0x0a;
    } finally {
        await file.close();
    }
}
