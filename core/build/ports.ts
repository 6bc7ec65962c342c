import type { Column, IsoDate } from '../types.ts';
import type { DateRange } from './dates.ts';

/** A relation the engine can read: Parquet files, or a few values. */
export type BoundInput =
    | {
          readonly kind: 'files';
          /** Blob keys. */
          readonly files: readonly string[];
          /** False when files may have different columns (a contract changed between them). */
          readonly uniform: boolean;
          /** What the relation has when there are no files. */
          readonly columns: readonly Column[];
          /** Only rows whose `column` (DATE or TIMESTAMP) lies in one of the ranges. */
          readonly narrow: { readonly column: string; readonly ranges: readonly DateRange[] } | undefined;
      }
    | { readonly kind: 'values'; readonly columns: readonly Column[]; readonly rows: readonly (readonly string[])[] };

/** A statement whose relations are still names; the engine renders it with the texts of its own relations. */
export interface Statement {
    readonly inputs: ReadonlyMap<string, BoundInput>;
    render(bind: (name: string) => string): string;
}

export interface BuildRequest {
    readonly statement: Statement;
    /** Key prefix below which the files will lie; an engine that does not write to this machine writes there itself. */
    readonly place: string;
    /** Key of a blob where an engine that takes several calls keeps what it must remember between them. */
    readonly notes: string;
    /** Rows come out ordered by these, so that equal rows give equal files. */
    readonly key: readonly string[];
    /** For by_date: the DATE column, and the only dates to keep. One file a date. */
    readonly byDate: { readonly column: string; readonly ranges: readonly DateRange[] } | undefined;
    /** A folder on this machine for the files. */
    readonly folder: string;
    /** For by_date: up to which date the rows are wanted once more in one file, going by the parts with rows. */
    readonly packUntil?: ((parts: readonly Pick<BuiltPart, 'part' | 'bytes'>[]) => IsoDate | undefined) | undefined;
}

export interface BuiltPart {
    /** A date, or `all`. */
    readonly part: IsoDate | 'all';
    /** Relative to the table's folder, or to the place of the request. */
    readonly file: string;
    readonly furtherFiles?: readonly string[];
    readonly rows: number;
    readonly bytes: number;
    readonly hash: string;
}

export interface BuiltTable {
    readonly columns: readonly Column[];
    /** Folder of this machine with the files of all parts; undefined when there are no rows, or the files are in place. */
    readonly folder: string | undefined;
    /** Parts with at least one row. */
    readonly parts: readonly BuiltPart[];
    /** File of the folder with the rows up to the date that `packUntil` gave, in order; from engines that pack. */
    readonly pack?: { readonly file: string; readonly until: IsoDate } | undefined;
}

/** The engine computes elsewhere and is not done: the same request, made again, asks how it is doing. */
export interface Computing {
    readonly askAgainInSeconds: number;
}

export function isComputing<Done extends object>(built: Done | Computing): built is Computing {
    return 'askAgainInSeconds' in built;
}

/** How much an engine takes in one request. */
export interface BatchLimits {
    /** Rows of inputs by date. */
    readonly rows: number;
    readonly dates: number;
}

export type DataRow = Readonly<Record<string, unknown>>;

/** An engine that is done when it returns. */
export interface LocalEngine extends TableEngine {
    build(request: Omit<BuildRequest, 'place' | 'notes'>): Promise<BuiltTable>;
}

/** The SQL engine of builds and reports. */
export interface TableEngine {
    /** What one request may ask for. @default - two million rows of any number of dates */
    readonly limits?: BatchLimits;
    /** Computes a statement and writes it. Throws DataError when it cannot be computed. */
    build(request: BuildRequest): Promise<BuiltTable | Computing>;
    /** Writes rows a TypeScript model returned. */
    write(
        rows: readonly DataRow[],
        columns: readonly Column[],
        key: readonly string[],
        folder: string,
    ): Promise<BuiltTable>;
    /** Rows of a small result; bigint as number where exact, decimals and instants as text. */
    rows(statement: Statement): Promise<DataRow[]>;
    /**
     * Writes the rows of many small files as one file of a folder, in the order of the files; returns the file's name.
     * Engines that gain nothing by it do without.
     */
    pack?(files: BoundInput, folder: string): Promise<string>;
    /** Writes a result as CSV for publishing: no heading, text quoted, null empty. Returns the number of rows. */
    csv(statement: Statement, columns: readonly Column[], path: string): Promise<number>;
}
