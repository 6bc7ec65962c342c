import type pg from 'pg';
import type { PublishedMart, PublishMart } from '#core/publish/publisher.ts';
import { StaleBaseError } from '#core/publish/stale-base-error.ts';
import { applyDelta, applyFull, type RowCounts } from './apply-change.ts';
import { copyIn } from './copy-in.ts';
import { commentsOf, createTable, evolveTable, keyOf } from './evolve.ts';
import { columnDefinitions, columnList, fits, type MartTable, martTable } from './mart-table.ts';
import type { LoggedMart } from './publish-log.ts';

/** A mart whose rows are in the database, not yet in its table. */
export interface LoadedMart {
    readonly mart: PublishMart;
    /** Brings the rows into the table; readers see them when the transaction commits. */
    apply(): Promise<AppliedMart>;
}

/** A mart whose rows are in its table. */
export interface AppliedMart {
    readonly published: PublishedMart;
    /** Rows the table has now. */
    readonly rows: number;
}

/** What is there of a mart before it is published. */
export interface FoundMart {
    readonly table: MartTable | undefined;
    readonly logged: LoggedMart | undefined;
}

/** From this share of a table's rows on, reading all of it is faster than finding the rows one by one. */
const MOST_LOOKED_UP = 0.05;

async function copyToTemporary(
    client: pg.Client,
    mart: PublishMart,
    relation: string,
    names: readonly string[],
    rows: AsyncIterable<Uint8Array | string>,
): Promise<number> {
    await client.query(`create temporary table ${relation} (${columnDefinitions(mart, names)}) on commit drop`);
    return copyIn(client, `${relation} (${columnList(names)})`, rows);
}

/** Several statements in one round trip. */
async function runAll(client: pg.Client, statements: readonly string[]): Promise<void> {
    if (statements.length > 0) await client.query(statements.join('; '));
}

function done(mart: PublishMart, counts: RowCounts, rows: number): AppliedMart {
    return { published: { mart: mart.table, ...counts, skipped: false }, rows };
}

async function loadNew(client: pg.Client, mart: PublishMart, rows: AsyncIterable<Uint8Array | string>) {
    await createTable(client, mart);
    const names = mart.columns.map((column) => column.name);
    const inserted = await copyIn(client, `${martTable(mart)} (${columnList(names)})`, rows);
    await runAll(client, [keyOf(martTable(mart), mart), ...commentsOf(mart, undefined)]);
    return done(mart, { inserted, updated: 0, deleted: 0 }, inserted);
}

async function loadFull(
    client: pg.Client,
    mart: PublishMart,
    table: MartTable,
    rows: AsyncIterable<Uint8Array | string>,
    incoming: string,
): Promise<LoadedMart> {
    const names = mart.columns.map((column) => column.name);
    const copied = await copyToTemporary(client, mart, incoming, names, rows);
    await runAll(client, [keyOf(incoming, mart), `analyze ${incoming}`]);
    const apply = async () => {
        // Altering keeps readers out until the commit, so it comes after all rows of the run were loaded.
        const evolved = await evolveTable(client, mart, table);
        const counts = await applyFull(client, mart, incoming);
        await runAll(client, [...(evolved.addKey ? [keyOf(martTable(mart), mart)] : []), ...commentsOf(mart, table)]);
        return done(mart, { ...counts, deleted: counts.deleted + evolved.deleted }, copied);
    };
    return { mart, apply };
}

function requireReplaced(table: string, replaces: string | null | undefined, current: string | undefined): void {
    if (replaces === undefined || replaces === (current ?? null)) return;
    throw new StaleBaseError(
        table,
        `it was to replace ${replaces ?? 'no version'}, published by now is ${current ?? 'none'}`,
    );
}

/**
 * Reads the rows of one mart into the database, into temporary tables or, when its table is new, into that.
 *
 * @param ordinal distinguishes the temporary tables of one transaction
 * @throws StaleBaseError when a delta does not apply, or another version is published than a full change replaces
 */
export async function loadMart(
    client: pg.Client,
    mart: PublishMart,
    { table, logged }: FoundMart,
    ordinal: number,
): Promise<LoadedMart> {
    const { change } = mart;
    const fitting = table !== undefined && fits(table, mart);
    if (fitting && logged?.versionId === mart.versionId) {
        const published = { mart: mart.table, inserted: 0, updated: 0, deleted: 0, skipped: true };
        return { mart, apply: async () => ({ published, rows: logged.rows }) };
    }
    const incoming = `pg_temp.incoming_${ordinal}`;
    if (change.kind === 'full') {
        requireReplaced(mart.table, change.replaces, logged?.versionId);
        if (table !== undefined) return loadFull(client, mart, table, change.rows, incoming);
        const created = await loadNew(client, mart, change.rows);
        return { mart, apply: async () => created };
    }
    if (table === undefined) throw new StaleBaseError(mart.table, 'the table does not exist');
    if (logged?.versionId !== change.baseVersionId) {
        throw new StaleBaseError(
            mart.table,
            `it was computed against version ${change.baseVersionId}, published is ${logged?.versionId ?? 'none'}`,
        );
    }
    if (!fitting) throw new StaleBaseError(mart.table, 'the published table has other columns or another key');
    const gone = `pg_temp.gone_${ordinal}`;
    const names = mart.columns.map((column) => column.name);
    const upserts = await copyToTemporary(client, mart, incoming, names, change.upserts);
    await runAll(client, [keyOf(incoming, mart)]);
    const deletes = await copyToTemporary(client, mart, gone, mart.key, change.deletes);
    const isSmall = upserts + deletes < MOST_LOOKED_UP * logged.rows;
    if (!isSmall) await client.query(`analyze ${incoming}; analyze ${gone}`);
    const apply = async () => {
        const counts = await applyDelta(client, mart, { incoming, gone, upserts, deletes, isSmall });
        await runAll(client, commentsOf(mart, table));
        return done(mart, counts, logged.rows + counts.inserted - counts.deleted);
    };
    return { mart, apply };
}
