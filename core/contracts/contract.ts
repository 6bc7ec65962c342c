import type { Column, ColumnType } from '../types.ts';
import type { ContractSource } from './source.ts';

/** What happens when a file brings columns the contract does not name. */
export type SchemaPolicy =
    /** The file is rejected. */
    | 'strict'
    /** The columns are kept, as text, in `_extra` (JSON) and reported. */
    | 'evolve';

/** What makes two rows of a dataset the same row. */
export type RowIdentity =
    /** The columns of the key. */
    | 'key'
    /**
     * Rows carry no identity: a row is the n-th row of a file (or part of an archive) with certain bytes. Staged rows
     * then have a hash of those bytes as `_source_version`, and (`_source_version`, `_source_row`) identifies a row:
     * the same bytes under two names are the same rows.
     */
    | 'content';

/** How objects of a dataset combine into its table. */
export type LoadMode =
    /** Rows add up; rows with an equal key are one row. */
    | 'append'
    /** A row replaces the earlier row with the same key. */
    | 'upsert'
    /** The newest object replaces all rows. */
    | 'replace'
    /**
     * Each object is the whole table as it was then, and all of them stay: models see the history. A key that a
     * later object does not have was deleted.
     */
    | 'snapshot';

export interface ContractColumn extends Column {
    readonly type: ColumnType;
    readonly description: string;
    /** A row without a value is rejected. Always true for columns of the key and for the date column. */
    readonly required: boolean;
    /** Other headings under which files bring this column, as written; compared trimmed and without case. */
    readonly aliases: readonly string[];
    /**
     * Values that mean another value: found -> meant. The found side is trimmed and in lower case here already;
     * trim and lower-case a row's text before looking it up. Only text columns have any.
     */
    readonly valueAliases: Readonly<Record<string, string>>;
    /** The only values allowed (after aliases, case counts), or none for any. Only text columns have any. */
    readonly allowedValues: readonly string[] | undefined;
    /** Inclusive bounds of a number, as written in the contract: plain decimals such as `0` or `-12.50`. */
    readonly minimum: string | undefined;
    readonly maximum: string | undefined;
}

/** One dataset's contract, compiled from `contracts/<dataset>.odcs.yaml`. */
export interface Contract {
    readonly dataset: string;
    /** The contract's own semantic version. */
    readonly version: string;
    readonly purpose: string;
    /** In the order of the contract. */
    readonly columns: readonly ContractColumn[];
    readonly rowIdentity: RowIdentity;
    /** Names of the columns that identify a row, in key order; empty only where the row identity is `content`. */
    readonly key: readonly string[];
    readonly load: LoadMode;
    readonly schemaPolicy: SchemaPolicy;
    /**
     * Column whose date partitions the table (a date, or a timestamp that is cast to its UTC date);
     * undefined for datasets that are small and whole.
     */
    readonly dateColumn: string | undefined;
    /** For `upsert`: the column that says which of two rows with one key is newer, if there is one. */
    readonly versionColumn: string | undefined;
    /** File name patterns (globs with * and ?) that assign a file to this dataset. */
    readonly filePatterns: readonly string[];
    /** Readings a model may ask for, for example `price_reading: line_paid`. */
    readonly parameters: Readonly<Record<string, string>>;
    /** The database its rows can be extracted from, if there is one. */
    readonly source?: ContractSource | undefined;
    /**
     * Hash of what decides how a file is staged. Contract version, texts, file patterns and parameters are not in it:
     * changing those re-stages nothing.
     */
    readonly fingerprint: string;
}
