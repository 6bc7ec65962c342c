/**
 * Glossary. One meaning each; the same words are state names, folder names and metric names.
 *
 * - dataset: a source feed (`events`, `users`), described by one contract
 * - object: one version of one landed file
 * - contract: what rows of a dataset must look like (Open Data Contract Standard)
 * - ledger: one entry per object; the authority on what has been done with it
 * - admit, probe, stage, register: the steps of the ingest machine
 * - quarantine: where rejected rows go; reject: what happens to an object that cannot be read at all
 * - model: a table computed from datasets and other models; grain: what one row of it is
 * - plan, build, check, promote, publish, report: the steps of the build machine
 * - run: one build; version: one immutable state of a table; fingerprint: what a version was computed from
 * - replay: process objects again; backfill: build old dates again; as of: the moment a statement holds for
 */

/** Identity of one object: the same bytes under the same name are the same object. */
export interface ObjectRef {
    /** Bucket name on S3; `lake` in a folder. */
    readonly bucket: string;
    /** `landing/<dataset>/<file name>` */
    readonly key: string;
    /** S3 version id (or etag where unversioned); the content hash in a folder. */
    readonly version: string;
}

/** Column types of a staged table or a model, portable between DuckDB, Trino and PostgreSQL. */
export type ColumnType =
    | 'bigint'
    | 'double'
    | 'boolean'
    | 'varchar'
    | 'date'
    /** Millisecond precision, UTC. */
    | 'timestamp'
    /** Money: decimal(18,2). */
    | 'decimal(18,2)';

export interface Column {
    readonly name: string;
    readonly type: ColumnType;
}

/** A calendar date, `YYYY-MM-DD`. */
export type IsoDate = string;

/** An instant in UTC, ISO 8601 with milliseconds. */
export type IsoInstant = string;
