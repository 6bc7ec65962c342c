import type { Contract } from '../contracts/contract.ts';
import type { IsoDate, IsoInstant } from '../types.ts';
import type { FileFormat, Probed } from './format.ts';

/** Reads and rewrites the bytes of files on this machine. */
export interface FileReader {
    /** The first bytes of a file, decompressed when it is gzip. */
    head(path: string, bytes: number): Promise<{ bytes: Buffer; compression: 'none' | 'gzip' }>;
    /**
     * Writes a plain UTF-8 copy of a compressed or UTF-16 file, or of one that begins with blank lines, into `folder`
     * and returns its path.
     * Throws ContractError when the compressed data ends early or is corrupt, or is larger than `mostBytes`.
     */
    plain(path: string, coding: Coding, folder: string, mostBytes: number): Promise<string>;
    /** Removes a file or a folder with what is in it. */
    remove(path: string): Promise<void>;
}

export type Coding = Pick<Probed, 'compression' | 'encoding' | 'blankBytes'>;

/** Where rows came from; stands in every staged row. */
export interface Lineage {
    readonly sourceUri: string;
    readonly sourceVersion: string;
    readonly landedAt: IsoInstant;
    readonly ingestedAt: IsoInstant;
    readonly runId: string;
}

export interface StageRequest {
    /** A plain UTF-8 (or Parquet) file on this machine. */
    readonly path: string;
    readonly format: FileFormat;
    readonly contract: Contract;
    /** Contract column -> headings that bring it, first one with a value wins. */
    readonly mapping: Readonly<Record<string, readonly string[]>>;
    /** Headings the contract does not name; kept as JSON text in `_extra`. */
    readonly extra: readonly string[];
    readonly lineage: Lineage;
    /** Folder that receives `accepted.parquet` and `rejected.parquet`. */
    readonly folder: string;
}

export interface StageResult {
    /** Rows in the file, counted by a pass of its own. */
    readonly read: number;
    readonly accepted: number;
    readonly rejected: number;
    readonly reasons: Readonly<Record<string, number>>;
    readonly dates: Readonly<Record<IsoDate, number>>;
    readonly newest: IsoInstant | undefined;
    readonly acceptedPath: string | undefined;
    readonly rejectedPath: string | undefined;
}

/** The engine that types rows and splits good from bad; DuckDB everywhere. */
export interface Stager {
    /** Column names of a Parquet file. Throws ContractError when it is not one. */
    parquetColumns(path: string): Promise<string[]>;
    /** Throws ContractError when the file as a whole cannot be read. */
    stage(request: StageRequest): Promise<StageResult>;
}
