import type { ScanSize } from '#core/build/scan-size.ts';

/** What a run on LocalStack asked of each service. */
export interface Counts {
    /** Day of the run. */
    readonly date: string;
    readonly shop: { readonly users: number; readonly days: number; readonly events: number; readonly files: number };
    readonly builds: number;
    /** S3 requests by the name of the action. */
    readonly s3: Readonly<Record<string, number>>;
    /** By function. */
    readonly functions: Readonly<Record<string, FunctionCounts>>;
    /** States entered, and tasks that were tried again. */
    readonly transitions: { readonly ingest: number; readonly build: number };
    /** Messages of the queue. */
    readonly messages: number;
    /** Bytes in the buckets when all was done. */
    readonly storedBytes: number;
    /** What Athena would read for the same files. */
    readonly models: readonly ScanSize[];
}

export interface FunctionCounts {
    readonly invocations: number;
    readonly seconds: number;
    readonly memoryMb: number;
}
