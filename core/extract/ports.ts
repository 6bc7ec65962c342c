import type { Contract } from '../contracts/contract.ts';
import type { ContractSource } from '../contracts/source.ts';

/** What to read of a database. */
export interface SourceRequest {
    readonly contract: Contract;
    readonly source: ContractSource;
    /** For incremental extracts: the watermark of the last one, as the database writes it; all rows without it. */
    readonly after: string | undefined;
    /** A file on this machine that receives the rows as CSV, under the names of the contract. */
    readonly path: string;
}

/** What was read, all of it in one snapshot of the database. */
export interface SourceRows {
    readonly rows: number;
    readonly bytes: number;
    /** Hash of the file. */
    readonly hash: string;
    /** For incremental extracts: the greatest value of the watermark column; undefined without rows. */
    readonly watermark: string | undefined;
    /** Hash of the file the next incremental extract would make if nothing changed until then. */
    readonly tailHash: string | undefined;
    /** What the owner of the database may want to change: a role that may write, for instance. */
    readonly advice: readonly string[];
}

/** Databases by the names contracts have for their servers. */
export interface SourceReaders {
    /** @throws UsageError when nobody said where the server is */
    of(server: string): SourceReader;
}

/** Reads one database. */
export interface SourceReader {
    /**
     * Writes the rows of a table or query to a file.
     *
     * @throws UsageError when contract, credentials or the database's columns do not fit
     * @throws TransientError when the server is away, stops, or takes longer than the contract allows
     */
    read(request: SourceRequest): Promise<SourceRows>;
}
