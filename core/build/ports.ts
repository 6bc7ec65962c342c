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
    /** Rows come out ordered by these, so that equal rows give equal files. */
    readonly key: readonly string[];
    /** For by_date: the DATE column, and the only dates to keep. One file a date. */
    readonly byDate: { readonly column: string; readonly ranges: readonly DateRange[] } | undefined;
    /** A folder on this machine for the files. */
    readonly folder: string;
}

export interface BuiltPart {
    /** A date, or `all`. */
    readonly part: IsoDate | 'all';
    /** Relative to the table's folder. */
    readonly file: string;
    readonly rows: number;
    readonly bytes: number;
    readonly hash: string;
}

export interface BuiltTable {
    readonly columns: readonly Column[];
    /** Folder with the files of all parts; undefined when there are no rows. */
    readonly folder: string | undefined;
    /** Parts with at least one row. */
    readonly parts: readonly BuiltPart[];
}

export type DataRow = Readonly<Record<string, unknown>>;

/** The SQL engine of builds and reports. */
export interface TableEngine {
    /** Computes a statement and writes it. Throws DataError when it cannot be computed. */
    build(request: BuildRequest): Promise<BuiltTable>;
    /** Writes rows a TypeScript model returned. */
    write(
        rows: readonly DataRow[],
        columns: readonly Column[],
        key: readonly string[],
        folder: string,
    ): Promise<BuiltTable>;
    /** Rows of a small result; bigint as number where exact, decimals and instants as text. */
    rows(statement: Statement): Promise<DataRow[]>;
    /** Writes a result as CSV for publishing: no heading, text quoted, null empty. Returns the number of rows. */
    csv(statement: Statement, columns: readonly Column[], path: string): Promise<number>;
}
