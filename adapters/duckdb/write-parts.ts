import { readFileSync, statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { allEnded } from '#core/all-ended.ts';
import type { BuildRequest, BuiltPart, BuiltTable } from '#core/build/ports.ts';
import { DataError } from '#core/errors.ts';
import type { IsoDate } from '#core/types.ts';
import { versionOfBytes, versionOfFile } from '../folder/content-version.ts';
import type { Session } from './database.ts';
import { identifier, literal } from './text.ts';

/** Writes a table of the session as one file. */
export async function copyWhole(session: Session, table: string, folder: string, rows: number): Promise<BuiltPart[]> {
    await mkdir(folder);
    const path = join(folder, 'data_0.parquet');
    await session.run(`copy ${table} to ${literal(path)} (format parquet)`);
    return [await builtPart('all', folder, path, rows)];
}

/** A date of a table and how many rows it has. */
interface DateRows {
    readonly part: IsoDate;
    readonly rows: number;
}

/** How a table is written by date. */
export interface ByDate {
    readonly column: string;
    /** As of a `BuildRequest`. */
    readonly packUntil?: BuildRequest['packUntil'];
}

/**
 * Writes a table of the session, sorted by date, as one file a date with the rows in the order of the table, and those
 * of the dates that are wanted in a pack once more. The same rows of a date give the same bytes, whatever dates are
 * written with it. `table` must not be a temporary one: several connections write at once, each by one thread.
 */
export async function copyByDate(
    session: Session,
    table: string,
    { column, packUntil }: ByDate,
    folder: string,
): Promise<Pick<BuiltTable, 'parts' | 'pack'>> {
    const dates = await datesOf(session, table, column);
    const rows = new Map(dates.map((each) => [each.part, each.rows]));
    const write = async (writers?: number) => {
        const paths = await writeDates(session, table, column, folder, dates, writers);
        const files = paths.map((path) => ({ path, part: dateOf(path, column), bytes: statSync(path).size }));
        const rest = async () => {
            await writeDisordered(session, table, column, folder, dates);
            const parts: BuiltPart[] = [];
            for (const { path, part } of files) parts.push(await builtPart(part, folder, path, rows.get(part) ?? 0));
            return parts;
        };
        const until = packUntil?.(files);
        const packing = until === undefined ? undefined : copyUntil(session, table, { column, until }, folder);
        const [pack, parts] = await allEnded([packing, rest()]);
        return { parts, ...(pack && { pack }) };
    };
    const total = dates.reduce((sum, each) => sum + each.rows, 0);
    return total < SHARED_ROWS ? write() : withOneThread(session, write);
}

async function datesOf(session: Session, table: string, column: string): Promise<DateRows[]> {
    const counts = await session.rows(
        // Texts are made of dates, of which there are few, not of rows.
        `select cast(date as varchar) as part, rows from ` +
            `(select ${identifier(column)} as date, count(*) as rows from ${table} group by 1) order by date`,
    );
    if (counts.some(({ part }) => part === null)) throw new DataError(`Rows without a date: ${column} is null.`);
    return counts.map(({ part, rows }) => ({ part: String(part), rows: Number(rows) }));
}

function dateOf(path: string, column: string): IsoDate {
    const date = /=(\d{4}-\d{2}-\d{2})[\\/][^\\/]*$/.exec(path)?.[1];
    if (!date) throw new DataError(`Rows without a date: ${column} is no date in ${path}.`);
    return date;
}

/** Writes the rows of a table up to a date as one file, on a connection of its own. */
async function copyUntil(
    session: Session,
    table: string,
    { column, until }: { readonly column: string; readonly until: IsoDate },
    folder: string,
): Promise<{ file: string; until: IsoDate }> {
    const file = 'pack.parquet';
    const rows = `select * from ${table} where ${identifier(column)} <= date ${literal(until)}`;
    await session.together([`copy (${rows}) to ${literal(join(folder, file))} (format parquet)`]);
    return { file, until };
}

/** Each writer must read its rows in order. A table of fewer than `SHARED_ROWS` is read by one thread anyway. */
async function withOneThread<T>(session: Session, work: (threads: number) => Promise<T>): Promise<T> {
    const [before] = await session.rows("select current_setting('threads') as threads");
    const threads = Number(before?.threads);
    await session.run('set threads = 1');
    try {
        return await work(threads);
    } finally {
        await session.run(`set threads = ${threads}`);
    }
}

/** Writes all dates and returns the paths of their files. */
function writeDates(
    session: Session,
    table: string,
    column: string,
    folder: string,
    dates: readonly DateRows[],
    writers = 1,
): Promise<string[]> {
    const date = identifier(column);
    const shares = sharesOf(dates, writers);
    const relations = shares.map((share) => (shares.length > 1 ? spanOf(table, date, share) : table));
    return copyPartitions(session, relations, date, folder);
}

/** Writes those dates again whose rows came out in another order. */
async function writeDisordered(
    session: Session,
    table: string,
    column: string,
    folder: string,
    dates: readonly DateRows[],
): Promise<void> {
    const date = identifier(column);
    try {
        for (let again = disordered(dates); again.length > 0; again = disordered(again)) {
            // A list, and not values to join with, which would change the order of rows.
            const chosen = again.map(({ part }) => `date ${literal(part)}`).join(', ');
            await session.run(`create or replace table again as select * from ${table} where ${date} in [${chosen}]`);
            await copyPartitions(session, ['again'], date, folder);
        }
    } finally {
        await session.run('drop table if exists again');
    }
}

/** Writes relations with different dates at once. */
async function copyPartitions(
    session: Session,
    relations: readonly string[],
    date: string,
    folder: string,
): Promise<string[]> {
    // `return_stats` would say sizes and rows too, with the statistics of every column, which take long to read.
    const options =
        `format parquet, partition_by (${date}), write_partition_columns true, ` +
        'return_files true, overwrite_or_ignore true';
    const results = await session.together(
        relations.map((relation) => `copy ${relation} to ${literal(folder)} (${options})`),
    );
    return results.flatMap(([copied]) => (copied?.Files ?? []) as string[]);
}

/** Rows from which on a table is worth more than one writer. */
const SHARED_ROWS = 50_000;

/** Neighbouring dates in at most `writers` shares of about equally many rows. */
function sharesOf(dates: readonly DateRows[], writers: number): DateRows[][] {
    const total = dates.reduce((sum, { rows }) => sum + rows, 0);
    if (total < SHARED_ROWS || writers < 2) return [[...dates]];
    const shares: DateRows[][] = Array.from({ length: writers }, () => []);
    let offset = 0;
    for (const each of dates) {
        shares[Math.floor((offset / total) * writers)]?.push(each);
        offset += each.rows;
    }
    return shares.filter((share) => share.length > 0);
}

/** The rows of a share: a range, which the table answers without looking at other rows. */
function spanOf(table: string, date: string, share: readonly DateRows[]): string {
    const [first, last] = [share[0]?.part ?? '', share.at(-1)?.part ?? ''];
    return `(select * from ${table} where ${date} between ${literal(first)} and ${literal(last)})`;
}

/** Rows DuckDB hands on at once. */
const VECTOR = 2048;
/** Rows of a partition in one vector from which on they are written at once; fewer wait in a buffer. */
const UNBUFFERED = 64;

/**
 * The dates whose rows DuckDB writes in another order than they have in the table: where a date begins shortly before
 * the end of a vector, its first rows still wait in the buffer when those of the next vector are written past it. The
 * first date of a table begins with a vector, so writing these dates again leaves fewer each time.
 */
function disordered(dates: readonly DateRows[]): DateRows[] {
    let offset = 0;
    return dates.filter(({ rows }) => {
        const first = VECTOR - (offset % VECTOR);
        offset += rows;
        return first < UNBUFFERED && rows - first >= UNBUFFERED;
    });
}

/** Files of a date are small, and were written just now: reading them at once is a tenth of the cost of a stream. */
const SMALL_BYTES = 8 << 20;

async function builtPart(part: string, folder: string, path: string, rows: number): Promise<BuiltPart> {
    const { size } = statSync(path);
    const hash = size <= SMALL_BYTES ? versionOfBytes(readFileSync(path)) : await versionOfFile(path);
    return { part, file: relative(folder, path), rows, bytes: size, hash };
}
