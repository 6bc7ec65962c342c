import type { Column } from '../types.ts';
import type { DatasetMonth, MartLineage } from './lineage.ts';
import type { MartQuality } from './quality.ts';

/** A column of a published table; the description becomes its comment in the database. */
export interface PublishColumn extends Column {
    readonly description?: string | undefined;
}

/**
 * Rows as CSV in UTF-8, in any chunks: no header, columns in the order of the mart, comma, double quotes.
 * Null is an unquoted empty field; text is always quoted, so `""` is the empty string. Dates and timestamps
 * are ISO 8601, timestamps in UTC without a zone.
 *
 * @example
 *   1,"a ""b""",2026-01-31,2026-01-31 10:00:00.123,9.90,true,
 */
export type CsvRows = AsyncIterable<Uint8Array | string>;

/** How a table gets from what is published to the version being published. The streams are read at most once. */
export type MartChange =
    /**
     * All rows of the version. With `replaces` (a version, null for none), only in its place: a publisher that was
     * given up and goes on late must not put older rows over newer ones.
     */
    | { readonly kind: 'full'; readonly rows: CsvRows; readonly replaces?: string | null }
    /**
     * What changed since `baseVersionId`: `upserts` are whole rows, `deletes` are keys (in the order of `key`).
     * A key in both is an upsert; deleting a key that is not there is no error.
     */
    | {
          readonly kind: 'delta';
          readonly baseVersionId: string;
          readonly upserts: CsvRows;
          readonly deletes: CsvRows;
      };

/** One mart of a run, to be published as `marts.<table>`. */
export interface PublishMart {
    readonly table: string;
    /** One sentence; becomes the table's comment. */
    readonly purpose?: string | undefined;
    readonly columns: readonly PublishColumn[];
    /** Names of the columns that identify a row; never empty. */
    readonly key: readonly string[];
    /** The table version being published. */
    readonly versionId: string;
    readonly change: MartChange;
    /** Freshness and completeness, for people who read the database. */
    readonly quality?: MartQuality | undefined;
    /** Where its rows come from; it changes with them. */
    readonly lineage?: MartLineage | undefined;
}

/** What is known now of a published table whose rows did not change. */
export interface UnchangedMart {
    readonly table: string;
    /** The version that is published. */
    readonly versionId: string;
    readonly quality: MartQuality;
}

/** All changed marts of one run; readers see all of them change at one moment. */
export interface PublishRun {
    readonly runId: string;
    readonly marts: readonly PublishMart[];
    /** The others: their rows stay, what is known of them is brought up to date. */
    readonly unchanged?: readonly UnchangedMart[];
    /** What the run read, of each dataset that a published table is computed from. */
    readonly datasets?: readonly DatasetMonth[];
}

/** What happened to one mart, in rows. */
export interface PublishedMart {
    readonly mart: string;
    readonly inserted: number;
    readonly updated: number;
    readonly deleted: number;
    /** The version was published before; nothing was read or written. */
    readonly skipped: boolean;
}

/** What a publisher does in its database. */
export interface MartDatabase {
    /**
     * Publishes all marts in one transaction: all or none. A mart whose version is current already is skipped,
     * so repeating a run is safe.
     *
     * @throws StaleBaseError when a delta's base, or what a full change replaces, is not what is published: look again
     * @throws DataError when rows break the key or a type, or somebody's view stands in the way of a change
     * @throws TransientError when the database cannot be reached, stops, is full or stays locked
     * @throws UsageError when a name, a key or the connection settings are wrong
     */
    publish(run: PublishRun): Promise<PublishedMart[]>;
    /** Published version by table name; tables that are missing in the database are left out. */
    currentVersions(): Promise<Map<string, string>>;
}

/** Serves marts from a database; each call has a connection of its own. */
export interface MartPublisher extends MartDatabase {
    /**
     * Does the calls of `work` over one connection, which the first of them opens and which ends with the work, or with
     * the first call that fails. What `work` throws is thrown.
     */
    connected<T>(work: (database: MartDatabase) => Promise<T>): Promise<T>;
}
