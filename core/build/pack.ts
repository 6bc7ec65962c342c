import { createHash, randomUUID } from 'node:crypto';
import { filesOf, type TablePack, type TablePart, type TableVersion } from '../catalog/version.ts';
import type { ModelGraph } from '../models/graph.ts';
import type { Model } from '../models/model.ts';
import type { BlobStore } from '../store/ports.ts';
import type { IsoDate } from '../types.ts';
import { addDays } from './dates.ts';
import type { BoundInput, BuildRequest, BuiltTable, TableEngine } from './ports.ts';

/** Late files and closing windows change the last days; older ones seldom change. */
const SETTLED_DAYS = 14;
/** Dates from which on their files cost more to open than one more file costs to write. */
const LEAST_DATES = 45;
/** Bytes of a date on average up to which opening its file costs more than reading it. */
const MOST_BYTES = 16 * 1024;

export interface PackContext {
    readonly graph: ModelGraph;
    readonly engine: TableEngine;
    readonly blobs: BlobStore;
    removeScratch(folder: string): Promise<void>;
}

/** Rows of the dates up to one, as an engine wrote them beside the files of a batch. */
export interface PackedBatch {
    /** Blob key. */
    readonly file: string;
    /** Its dates, in order. */
    readonly dates: readonly string[];
}

/** A table that is written anew. */
interface Rewritten {
    /** Of the batches before. */
    readonly parts: TableVersion['parts'];
    /** Dates of the batches to come; nobody knows yet which of them have rows. */
    readonly later: readonly string[];
}

/**
 * For a batch of a table that is written anew: up to which of its dates an engine should pack the rows while it has them
 * at hand. Undefined where the table would have no pack, as far as that can be told.
 */
export function packUntilOf(
    { graph, engine }: Pick<PackContext, 'graph' | 'engine'>,
    model: Model,
    { parts, later }: Rewritten,
): BuildRequest['packUntil'] {
    if (engine.pack === undefined || !isReadWhole(graph, model)) return undefined;
    return (built) => {
        const dates = [...withRows(parts).map(([date]) => date), ...built.map(({ part }) => part), ...later];
        const until = settledUntil(dates);
        if (until === undefined || !built.some(({ part }) => part <= until)) return undefined;
        return isWorthIt(built, dates.filter((date) => date <= until).length) ? until : undefined;
    };
}

/**
 * The pack a new version of a table should have: that of the current version where its dates are the same, what was
 * `packed` with its batches where that is all of it, or a new one, put below `place`. Undefined for tables that no model
 * reads whole, and for those with few or large dates. What a pack holds follows from the parts alone, so that it is
 * renewed once a month and when one of its dates changes.
 */
export async function packFor(
    context: PackContext,
    model: Model,
    { parts, columns }: Pick<TableVersion, 'parts' | 'columns'>,
    current: TableVersion | undefined,
    { place, packed }: { readonly place: string; readonly packed: readonly PackedBatch[] },
): Promise<TablePack | undefined> {
    const { pack } = context.engine;
    if (pack === undefined || !isReadWhole(context.graph, model)) return undefined;
    const filled = withRows(parts);
    const until = settledUntil(filled.map(([date]) => date));
    if (until === undefined) return undefined;
    const dates = filled.filter(([date]) => date <= until).sort(([a], [b]) => (a < b ? -1 : 1));
    if (!isWorthIt(dates.map(([, part]) => part))) return undefined;
    const of = hashOf(dates);
    if (current?.pack?.of === of) return current.pack;
    const [first, ...further] = packed.map(({ file }) => file);
    if (first !== undefined && String(packed.flatMap((batch) => batch.dates)) === String(dates.map(([date]) => date))) {
        return { file: first, ...(further.length > 0 && { furtherFiles: further }), until, of };
    }
    const files = dates.flatMap(([, part]) => filesOf(part));
    const input = { kind: 'files', files, uniform: true, columns, narrow: undefined } as const;
    return { file: await write(context, pack, input, place), until, of };
}

/** What an engine packed of a batch whose files lie below `place`. */
export function packedBatch(place: string, { pack, parts }: Pick<BuiltTable, 'pack' | 'parts'>): PackedBatch[] {
    if (pack === undefined) return [];
    const dates = parts.map(({ part }) => part).filter((part) => part <= pack.until);
    return [{ file: `${place}/${pack.file}`, dates: dates.sort() }];
}

function withRows(parts: TableVersion['parts']): [IsoDate, TablePart][] {
    return Object.entries(parts).filter(([, { rows }]) => rows > 0);
}

/** Of so many dates, where only some are known. */
function isWorthIt(known: readonly { readonly bytes: number }[], dates = known.length): boolean {
    const bytes = known.reduce((sum, part) => sum + part.bytes, 0);
    return dates >= LEAST_DATES && bytes <= MOST_BYTES * known.length;
}

/** Models that are built date by date read the others' dates they need. */
function isReadWhole(graph: ModelGraph, { name, kind }: Model): boolean {
    if (kind !== 'by_date') return false;
    return [...graph.models.values()].some(
        (reader) =>
            (reader.kind === 'table' || (reader.kind === 'by_date' && reader.lookback === 'all')) &&
            graph.upstream(reader.name).includes(name),
    );
}

/** The last day of the newest month that is over for some days. */
function settledUntil(dates: readonly string[]): IsoDate | undefined {
    const newest = [...dates].sort().at(-1);
    return newest && addDays(`${addDays(newest, -SETTLED_DAYS).slice(0, 7)}-01`, -1);
}

function hashOf(dates: readonly (readonly [IsoDate, TablePart])[]): string {
    const hash = createHash('sha256');
    for (const [date, part] of dates) hash.update(`${date} ${part.hash}\n`);
    return hash.digest('hex').slice(0, 32);
}

/** Writes the rows of files as one file. Returns its blob key. */
async function write(
    { blobs, removeScratch }: PackContext,
    pack: NonNullable<TableEngine['pack']>,
    input: BoundInput,
    place: string,
): Promise<string> {
    const folder = await blobs.scratch();
    try {
        const file = await pack(input, folder);
        const kept = `${place}/${randomUUID().slice(0, 8)}`;
        await blobs.put(kept, folder);
        return `${kept}/${file}`;
    } finally {
        await removeScratch(folder);
    }
}
