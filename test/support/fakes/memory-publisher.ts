import { DataError } from '#core/errors.ts';
import type { CsvRows, MartPublisher, PublishedMart, PublishMart } from '#core/publish/publisher.ts';
import { StaleBaseError } from '#core/publish/stale-base-error.ts';
import { requirePublishable } from '#core/publish/validate.ts';

type Fields = readonly (string | null)[];

/** One published table: rows by key, and the version its log names. */
export interface MemoryMart {
    readonly version: string;
    readonly rows: ReadonlyMap<string, Fields>;
}

/** A database in memory that keeps rows and log as one: a run's tables change at one moment or not at all. */
export interface MemoryPublisher extends MartPublisher {
    readonly marts: Map<string, MemoryMart>;
    /** Called with what is about to be committed. */
    beforeCommit: (marts: ReadonlyMap<string, MemoryMart>) => void | Promise<void>;
    /** Called when readers see other rows than before. */
    afterCommit: () => void;
}

export function createMemoryPublisher(): MemoryPublisher {
    const marts = new Map<string, MemoryMart>();
    const publisher: MemoryPublisher = {
        marts,
        beforeCommit: () => undefined,
        afterCommit: () => undefined,
        connected: (work) => work(publisher),
        currentVersions: async () => new Map([...marts].map(([table, { version }]) => [table, version])),
        async publish(run) {
            requirePublishable(run);
            const before = new Map(marts);
            const next = new Map<string, MemoryMart>();
            const done: PublishedMart[] = [];
            for (const mart of run.marts) {
                const known = marts.get(mart.table);
                if (known?.version === mart.versionId) {
                    done.push({ mart: mart.table, inserted: 0, updated: 0, deleted: 0, skipped: true });
                    continue;
                }
                const rows = await changed(mart, known);
                next.set(mart.table, { version: mart.versionId, rows });
                done.push({ mart: mart.table, ...counts(known?.rows ?? new Map(), rows), skipped: false });
            }
            await publisher.beforeCommit(next);
            // A database has publishers take turns; here the one that was slower finds out at its end.
            for (const table of next.keys()) {
                if (marts.get(table) !== before.get(table)) throw new StaleBaseError(table, 'another was faster');
            }
            for (const [table, mart] of next) marts.set(table, mart);
            publisher.afterCommit();
            return done;
        },
    };
    return publisher;
}

async function changed(mart: PublishMart, known: MemoryMart | undefined): Promise<Map<string, Fields>> {
    const { change } = mart;
    const places = mart.key.map((name) => mart.columns.findIndex((column) => column.name === name));
    const keyed = (rows: readonly Fields[]) =>
        rows.map((row) => [JSON.stringify(places.map((place) => row[place])), row] as const);
    if (change.kind === 'full') {
        const { replaces, rows } = change;
        if (replaces !== undefined && replaces !== (known?.version ?? null)) {
            throw new StaleBaseError(mart.table, `it was to replace ${replaces}, published is ${known?.version}`);
        }
        const all = keyed(await read(rows));
        const found = new Map(all);
        if (found.size < all.length) throw new DataError(`marts.${mart.table}: two rows have the same key.`);
        return found;
    }
    if (!known) throw new StaleBaseError(mart.table, 'the table does not exist');
    if (known.version !== change.baseVersionId) {
        const found = `it was computed against version ${change.baseVersionId}, published is ${known.version}`;
        throw new StaleBaseError(mart.table, found);
    }
    const rows = new Map(known.rows);
    for (const key of await read(change.deletes)) rows.delete(JSON.stringify(key));
    for (const [key, row] of keyed(await read(change.upserts))) rows.set(key, row);
    return rows;
}

function counts(before: ReadonlyMap<string, Fields>, after: ReadonlyMap<string, Fields>) {
    const kept = [...after].filter(([key]) => before.has(key));
    return {
        inserted: after.size - kept.length,
        updated: kept.filter(([key, row]) => JSON.stringify(before.get(key)) !== JSON.stringify(row)).length,
        deleted: [...before.keys()].filter((key) => !after.has(key)).length,
    };
}

/** The records of a change: fields in quotes are text, an empty field without quotes is null. */
async function read(rows: CsvRows): Promise<Fields[]> {
    let text = '';
    for await (const chunk of rows) text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
    const records: (string | null)[][] = [];
    let record: (string | null)[] = [];
    for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n)/g)) {
        record.push(quoted === undefined ? plain || null : quoted.replaceAll('""', '"'));
        if (end === ',') continue;
        records.push(record);
        record = [];
    }
    return records;
}
