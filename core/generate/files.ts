import { UsageError } from '../errors.ts';
import { DIRT, DIRT_KINDS, type DirtKind, withDirt } from './dirt.ts';
import type { Shop } from './options.ts';

const CHUNK_CHARACTERS = 64 * 1024;

/** A CSV file; its chunks (whole lines, some 64 KB of text each) can be iterated any number of times. */
export interface GeneratedFile {
    readonly name: string;
    readonly chunks: Iterable<string>;
}

/** What an events file holds. */
export interface Manifest {
    /** Rows below the header, planted ones included. */
    readonly rows: number;
    /** How many bad rows of each kind were planted. */
    readonly planted: Readonly<Record<DirtKind, number>>;
    /** Planted rows that an ingest has to reject. */
    readonly rejected: number;
    /** Planted rows that an ingest has to accept and merge with the row they repeat. */
    readonly merged: number;
}

/** Files, and what the events file among them holds. */
export interface GeneratedFiles {
    readonly files: readonly GeneratedFile[];
    /** Throws UsageError until the chunks of the events file have been iterated to their end. */
    manifest(): Manifest;
}

/** A file whose rows are made anew for every iteration; nothing is kept between chunks. */
export function csvFile(name: string, columns: string, rows: () => Iterable<string>): GeneratedFile {
    return { name, chunks: { [Symbol.iterator]: () => inChunks(`${columns}\n`, rows()) } };
}

/** The events file, with the bad rows the options ask for, and its manifest. */
export function eventsFile(
    name: string,
    columns: string,
    shop: Shop,
    rows: () => Iterable<string>,
): { readonly file: GeneratedFile; manifest(): Manifest } {
    let finished: Manifest | undefined;
    function* counted(): Generator<string> {
        const planted = Object.fromEntries(DIRT_KINDS.map((kind) => [kind, 0])) as Record<DirtKind, number>;
        let count = 0;
        for (const row of withDirt(rows(), shop, (kind) => planted[kind]++)) {
            count += 1;
            yield row;
        }
        const total = (fate: string) =>
            DIRT_KINDS.reduce((sum, kind) => sum + (DIRT[kind] === fate ? planted[kind] : 0), 0);
        finished = { rows: count, planted, rejected: total('rejected'), merged: total('merged') };
    }
    return {
        file: csvFile(name, columns, counted),
        manifest() {
            if (finished !== undefined) return finished;
            throw new UsageError(
                `generate: expected ${name} to be written before its manifest is asked for, found it unread. Iterate its chunks to the end first.`,
            );
        },
    };
}

function* inChunks(header: string, rows: Iterable<string>): Generator<string> {
    let chunk = header;
    for (const row of rows) {
        chunk += row;
        if (chunk.length < CHUNK_CHARACTERS) continue;
        yield chunk;
        chunk = '';
    }
    if (chunk !== '') yield chunk;
}
