import type { Column } from '../types.ts';

export type ModelKind =
    /** Not stored: its text stands where it is referred to. Staging models are views. */
    | 'view'
    /** Stored whole; rebuilt whole when an input changes. */
    | 'table'
    /** Stored a date at a time; only the dates an input change can touch are rebuilt. */
    | 'by_date';

export type Severity = 'warn' | 'halt';

/** A statement about a built version, evaluated before anyone sees it. */
export type Check = { readonly name: string; readonly severity: Severity } & (
    | { readonly kind: 'unique'; readonly columns: readonly string[] }
    | { readonly kind: 'not_null'; readonly columns: readonly string[] }
    | { readonly kind: 'accepted_values'; readonly column: string; readonly values: readonly string[] }
    /** Every non-null value of `column` stands in `toColumn` of the model or dataset `to`. */
    | { readonly kind: 'relationship'; readonly column: string; readonly to: string; readonly toColumn: string }
    /** The number of rows differs from the last version's by at most this share (0.5 = half). */
    | { readonly kind: 'row_count_delta'; readonly atMost: number }
    /** `sum(column)` equals the sum of `otherColumn` over `other`, within `tolerance` (absolute). */
    | {
          readonly kind: 'reconcile';
          readonly column: string;
          readonly other: string;
          readonly otherColumn: string;
          readonly tolerance: number;
      }
    /** The newest value of `column` is at most this many days older than the build. */
    | { readonly kind: 'freshness'; readonly column: string; readonly atMostDays: number }
    /** A query over `{{ ref(...) }}`s that returns the bad rows; `this` is the version being checked. */
    | { readonly kind: 'rows'; readonly sql: string }
);

/** What a model says of itself at the top of its file. */
export interface ModelHeader {
    readonly name: string;
    /** One sentence. */
    readonly purpose: string;
    /** What one row is: "one row per user and experiment". */
    readonly grain: string;
    readonly key: readonly string[];
    readonly kind: ModelKind;
    /** For by_date: the DATE column of the output that partitions it. */
    readonly dateColumn: string | undefined;
    /** Days of by_date inputs before an output date that its rows depend on; `all` for everything before. */
    readonly lookback: number | 'all';
    /** Days of by_date inputs after an output date that its rows depend on. */
    readonly lookahead: number;
    /** A by_date model or dataset whose newest instant the rows depend on, read through `ref('watermarks')`. */
    readonly watermark: string | undefined;
    /**
     * Days from a row until its window closes, where that is all a by_date model asks its watermark: rows of a date
     * change with it only while windows of that date close.
     */
    readonly closes?: number | undefined;
    readonly checks: readonly Check[];
    /** Postgres table the model is published to, or none. */
    readonly publish: string | undefined;
}

export interface SqlModel extends ModelHeader {
    readonly language: 'sql';
    /** The statement, with `{{ ref('name') }}` still in it. */
    readonly sql: string;
    readonly refs: readonly string[];
    /** Refs that are read for the dates being built, whatever the header's window. */
    readonly ownDates: readonly string[];
    /** Refs that are read for the header's window; some may be read for the dates being built as well. */
    readonly windowDates: readonly string[];
    /** Hash of header and statement. */
    readonly code: string;
}

/** Rows of a model's inputs, each fully in memory: TypeScript models read small, aggregated inputs. */
export interface ModelInputs {
    rows(ref: string): readonly Readonly<Record<string, unknown>>[];
}

type ModelRows = readonly Readonly<Record<string, unknown>>[];

export interface TypeScriptModel extends ModelHeader {
    readonly language: 'typescript';
    readonly kind: 'table';
    readonly refs: readonly string[];
    readonly columns: readonly Column[];
    /** Bumped by hand whenever `build` (or what it calls) changes what it returns. */
    readonly code: string;
    build(inputs: ModelInputs): ModelRows | Promise<ModelRows>;
}

export type Model = SqlModel | TypeScriptModel;

/** Relations the engine itself provides to `ref()`. */
export const BUILT_IN_RELATIONS = {
    /** (dataset varchar, name varchar, value varchar): the `parameters` of all contracts. */
    contract_parameters: ['dataset', 'name', 'value'],
    /** (experiment_id varchar, plan varchar): the plans in force of declared experiments, as JSON. */
    experiment_plans: ['experiment_id', 'plan'],
    /**
     * (experiment_id varchar, exposure varchar, event_name varchar): which events expose a user. The exposure `default`
     * with its events has no experiment; plans with other events have an exposure of their own.
     */
    experiment_exposures: ['experiment_id', 'exposure', 'event_name'],
    /** (relation varchar, ends_at timestamp): the newest instant in the model named as the header's `watermark`. */
    watermarks: ['relation', 'ends_at'],
} as const;
