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
    /** A hash of a file's bytes: equal bytes have an equal one, whatever their name and place. */
    version(path: string): Promise<string>;
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

/** A file inside an archive as a source of rows. */
export interface StagePart {
    /** A plain UTF-8 file on this machine. */
    readonly path: string;
    /** Bytes. */
    readonly size: number;
    readonly sourceUri: string;
    readonly sourceVersion: string;
}

/** Many JSON files that are read in the same way. */
export interface StagePartsRequest extends Omit<StageRequest, 'path' | 'format' | 'lineage'> {
    readonly format: { readonly kind: 'json_array' | 'ndjson' };
    /** At least one. */
    readonly parts: readonly StagePart[];
    /** Keys of their first rows; other rows may have others. */
    readonly columns: readonly string[];
    readonly lineage: Omit<Lineage, 'sourceUri' | 'sourceVersion'>;
}

export interface StagePartsResult extends StageResult {
    /** Numbers (from 0) of parts that cannot be read together with others. They are not in the result. */
    readonly apart: readonly number[];
}

/** Rejected rows of one object as people corrected them. */
export interface RedriveRequest extends Omit<StageRequest, 'path' | 'format' | 'lineage'> {
    /** The object's rejected rows. */
    readonly quarantinePath: string;
    readonly corrections: readonly Correction[];
    readonly ingestedAt: IsoInstant;
    readonly runId: string;
}

/** What a rejected row should have said. */
export interface Correction {
    /** Where the row stands: file and number of the record. */
    readonly sourceUri: string;
    readonly row: number;
    /** All fields by heading. */
    readonly fields: Readonly<Record<string, unknown>>;
}

export interface RedriveResult extends Pick<StageResult, 'dates' | 'newest' | 'reasons'> {
    /** Corrected rows that are good now. They keep where they came from; their run is the redrive. */
    readonly accepted: number;
    /** Rows in quarantine afterwards, corrected ones that are still bad with their new reasons among them. */
    readonly rejected: number;
    readonly acceptedPath: string | undefined;
    readonly rejectedPath: string | undefined;
}

/** The engine that types rows and splits good from bad; DuckDB everywhere. */
export interface Stager {
    /** Column names of a Parquet file. Throws ContractError when it is not one. */
    parquetColumns(path: string): Promise<string[]>;
    /** Throws ContractError when the file as a whole cannot be read. */
    stage(request: StageRequest): Promise<StageResult>;
    /** Stages many parts in one go; rows of each are numbered from 1. */
    stageParts(request: StagePartsRequest): Promise<StagePartsResult>;
    /** Judges corrected rows; corrections of rows that are not in quarantine change nothing. */
    redrive(request: RedriveRequest): Promise<RedriveResult>;
    /** Writes one file with the rows of several that have the same columns, in order, and returns its path. */
    join(paths: readonly string[], target: string): Promise<string>;
}

/** One file inside an archive, unpacked; gzip inside is undone. */
export interface ArchivePart {
    /** Its path inside, through inner archives: `2023-10-23.zip!/part-001.json`. */
    readonly name: string;
    /** Where it stands on this machine, under a name of this machine's own. */
    readonly path: string;
    readonly size: number;
    /** A hash of its bytes, the one that a file of the same bytes has by itself. */
    readonly version: string;
    /** Its first bytes, up to some 16 KB; gone when the next part is asked for. */
    readonly head: Buffer;
}

/** One file inside an archive that cannot be read, and why. */
export interface RejectedPart {
    readonly name: string;
    readonly reason: string;
}

/** Looks into zip archives, and into archives in them. */
export interface ArchiveReader {
    /** Whether a file is an archive, by its first bytes. */
    isArchive(head: Buffer): boolean;
    /**
     * Reads the directory of an archive and returns the number of files in it. Throws ContractError when the archive as
     * a whole cannot be read.
     */
    list(path: string): Promise<number>;
    /**
     * The files of an archive in its order, one after another: each is written to this machine's disk when it is asked
     * for, and belongs to the caller until it is given back. A file that cannot be read does not stop the others. Throws
     * ContractError when the archive as a whole cannot be read, or holds more than `mostBytes`.
     */
    unpack(path: string, mostBytes: number): AsyncIterable<ArchivePart | RejectedPart>;
    /** Takes parts back that are not read any more: their files go, or are written again with other parts. */
    takeBack(parts: Iterable<Pick<ArchivePart, 'path' | 'size'>>): void;
    /** Removes the files of all parts, also of those that wait to be written again. */
    close(): void;
}
