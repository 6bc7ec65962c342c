import type { IsoDate, IsoInstant } from '../types.ts';

/** Where the rows of a published version come from, in what a database can join. */
export interface MartLineage {
    /** Parts with rows, and the run that computed each. */
    readonly parts: readonly { readonly part: IsoDate | 'all'; readonly run: string }[];
    readonly reads: readonly DatasetReach[];
}

/** How far rows of a date reach into a dataset, through all tables in between; null is without end. */
export interface DatasetReach {
    readonly dataset: string;
    readonly daysBefore: number | null;
    readonly daysAfter: number | null;
}

/** A landed file as builds read it: another contract or another correction makes another reading. */
export interface ObjectReading {
    /** Ledger id. */
    readonly id: string;
    readonly reading: string;
    /** Key of the file, as rows have it in `_source_uri`. */
    readonly uri: string;
    /** Undefined for files that were registered before it was noted. */
    readonly version: string | undefined;
    readonly landedAt: IsoInstant;
    /** Accepted ones. */
    readonly rows: number;
    /** Empty where its dataset has no dates. */
    readonly dates: readonly IsoDate[];
}

/** The files of a dataset that a run read, of one month of its dates: one more file touches one month. */
export interface DatasetMonth {
    readonly dataset: string;
    /** `YYYY-MM` of the first date in a file; `all` for files without dates. */
    readonly month: string;
    /** Equal versions have equal objects. */
    readonly version: string;
    /** Asked for where the version is new; there may be hundreds of thousands. */
    objects(): readonly ObjectReading[];
}
