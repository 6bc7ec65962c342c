import { createHash } from 'node:crypto';
import type { IsoDate, IsoInstant, ObjectRef } from '../types.ts';
import type { Share } from './totals.ts';

export type ObjectState =
    /** Known; its ingest execution runs, or will be started again by the sweeper. */
    | 'received'
    /** Its accepted rows are registered for the next build. */
    | 'staged'
    /** A build has used it. */
    | 'built'
    /** It could not be read under its contract; the reason says why. */
    | 'rejected';

/** What Stage wrote for one object. `read = accepted + rejected`, always. */
export interface StagedObject {
    readonly contractVersion: string;
    readonly contractFingerprint: string;
    readonly rows: { readonly read: number; readonly accepted: number; readonly rejected: number };
    /** Rejected rows by reason. */
    readonly reasons: Readonly<Record<string, number>>;
    /** Parquet files of accepted rows; empty when there are none. */
    readonly files: readonly string[];
    /** Parquet file of rejected rows, if there are any. */
    readonly quarantine: string | undefined;
    /** Accepted rows by date, for datasets with a date column. */
    readonly dates: Readonly<Record<IsoDate, number>>;
    /** Newest value of the date column. */
    readonly newest: IsoInstant | undefined;
    /** Headings the contract does not name (schema policy `evolve`). */
    readonly extraColumns: readonly string[];
    /** Of an archive: the files in it. */
    readonly parts?: StagedParts;
    /** Corrections that were applied to its rejected rows. */
    readonly redriven?: Redriven;
}

/** What corrections did to an object's rejected rows. */
export interface Redriven {
    /** Blobs of the corrections, in the order in which they were applied; all of the entry's by now or later. */
    readonly corrections: readonly string[];
    /** Rows that went from rejected to accepted. */
    readonly accepted: number;
    /** The ingest execution that did it last. */
    readonly run: string;
}

/** What became of the files in an archive; those that could not be read have no rows. */
export interface StagedParts {
    readonly read: number;
    readonly rejected: number;
    /** The first of the rejected ones, with their reasons. */
    readonly examples: readonly { readonly name: string; readonly reason: string }[];
}

/** The ledger's entry for one object: the authority on what has been done with it. */
export interface LedgerEntry {
    readonly id: string;
    readonly object: ObjectRef;
    readonly dataset: string;
    readonly state: ObjectState;
    /** Size in bytes and time of landing. */
    readonly size: number;
    readonly landedAt: IsoInstant;
    readonly receivedAt: IsoInstant;
    readonly updatedAt: IsoInstant;
    /** Counts ingest executions; part of the execution's name. */
    readonly attempt: number;
    /** The attempt with which its present or last reading began. @default 1 */
    readonly readSince?: number;
    readonly staged?: StagedObject;
    /** The replay that has it read, and asks for the build when all is read. */
    readonly replay?: string;
    /** Blobs with corrections of its rejected rows, in the order in which people gave them. Kept for later readings. */
    readonly corrections?: readonly string[];
    /** Why it is rejected, or why the last attempt failed. */
    readonly reason?: string;
    /** The run (build) that first used it. */
    readonly run?: string;
    /** What of it is in the ledger's summary, and since which fold. */
    readonly counted?: { readonly fold: number; readonly share: Share };
}

/** How often the present or last reading was tried; readings that ended before it do not count. */
export function triesOf({ attempt, readSince = 1 }: Pick<LedgerEntry, 'attempt' | 'readSince'>): number {
    return attempt - readSince + 1;
}

/** Nothing more happens to it unless somebody asks. */
export function isClosed({ state }: Pick<LedgerEntry, 'state'>): boolean {
    return state === 'built' || state === 'rejected';
}

const TAKEN_OUT = 'Taken out by hand: ';

/** The reason of an object that a person took out. */
export const takenOutBecause = (why: string): string => TAKEN_OUT + why;

/** Whether a person took it out: only that file named again brings it back. */
export function isTakenOut({
    state,
    reason,
}: {
    readonly state: ObjectState;
    readonly reason?: string | undefined;
}): boolean {
    return state === 'rejected' && reason?.startsWith(TAKEN_OUT) === true;
}

/** The file name of an object. */
export function fileNameOf(entry: Pick<LedgerEntry, 'object'>): string {
    return entry.object.key.split('/').slice(2).join('/') || entry.object.key;
}

/** Where the entry with this id stands. */
export const entryKey = (id: string): string => `control/ledger/${id.slice(0, 2)}/${id}`;

/** The ledger id of an object: a hash, because keys may hold any character and be long. */
export function ledgerId(ref: ObjectRef): string {
    return createHash('sha256').update(`${ref.bucket}\n${ref.key}\n${ref.version}`).digest('hex').slice(0, 32);
}

/** Name of the ingest execution for an attempt: equal for equal objects, so that starting it twice starts one. */
export function executionName(entry: Pick<LedgerEntry, 'id' | 'attempt'>): string {
    return `${entry.id}-${entry.attempt}`;
}
