import { createHash, randomUUID } from 'node:crypto';
import { filesOf, type TablePack, type TablePart, type TableVersion } from '../catalog/version.ts';
import type { ModelGraph } from '../models/graph.ts';
import type { Model } from '../models/model.ts';
import type { BlobStore } from '../store/ports.ts';
import type { IsoDate } from '../types.ts';
import { addDays } from './dates.ts';
import type { BoundInput, TableEngine } from './ports.ts';

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

/**
 * The pack a new version of a table should have: that of the current version where its dates are the same, or a new
 * one, put below `place`. Undefined for tables that no model reads whole, and for those with few or large dates. What a
 * pack holds follows from the parts alone, so that it is renewed once a month and when one of its dates changes.
 */
export async function packFor(
    context: PackContext,
    model: Model,
    { parts, columns }: Pick<TableVersion, 'parts' | 'columns'>,
    current: TableVersion | undefined,
    place: string,
): Promise<TablePack | undefined> {
    const { pack } = context.engine;
    if (pack === undefined || !isReadWhole(context.graph, model)) return undefined;
    const until = settledUntil(parts);
    const dates = Object.entries(parts)
        .filter(([date, { rows }]) => rows > 0 && until !== undefined && date <= until)
        .sort(([a], [b]) => (a < b ? -1 : 1));
    const bytes = dates.reduce((sum, [, part]) => sum + part.bytes, 0);
    if (until === undefined || dates.length < LEAST_DATES || bytes > MOST_BYTES * dates.length) return undefined;
    const of = hashOf(dates);
    if (current?.pack?.of === of) return current.pack;
    const files = dates.flatMap(([, part]) => filesOf(part));
    const input = { kind: 'files', files, uniform: true, columns, narrow: undefined } as const;
    return { file: await write(context, pack, input, place), until, of };
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
function settledUntil(parts: TableVersion['parts']): IsoDate | undefined {
    const newest = Object.keys(parts)
        .filter((date) => (parts[date]?.rows ?? 0) > 0)
        .sort()
        .at(-1);
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
