/** Where queries of the fake Athena are computed. */
export interface Executor {
    /** Values as texts, as Athena hands them out. */
    select(sql: string): Promise<Answer>;
    /** Writes Parquet files below a place of the lake that holds nothing yet. */
    unload(unload: Unload): Promise<Answer>;
}

export interface Answer {
    readonly columns: readonly { readonly name: string; readonly type: string }[];
    readonly rows: readonly (readonly (string | null)[])[];
    readonly scannedBytes: number;
}

export interface Unload {
    readonly select: string;
    /** `s3://lake/marts/.../` */
    readonly uri: string;
    readonly partitionedBy: string | undefined;
}

const UNLOAD = /^unload \((?<select>.*)\) to '(?<uri>[^']*)' with \((?<options>[^()]*)\)$/s;

/** Runs a statement of either kind. */
export function execute(executor: Executor, sql: string): Promise<Answer> {
    const { select, uri, options = '' } = UNLOAD.exec(sql)?.groups ?? {};
    if (select === undefined || uri === undefined) return executor.select(sql);
    return executor.unload({ select, uri, partitionedBy: /partitioned_by = array\['(\w+)'\]/.exec(options)?.[1] });
}

/** Why a query of the fake Athena failed, in Athena's own terms. */
export class QueryFailed extends Error {
    readonly state: 'FAILED' | 'CANCELLED';
    readonly athenaError: { readonly ErrorCategory: number; readonly ErrorType: number; readonly Retryable: boolean };

    constructor(
        message: string,
        details: { state?: 'FAILED' | 'CANCELLED'; category?: number; retryable?: boolean } = {},
    ) {
        super(message);
        this.state = details.state ?? 'FAILED';
        this.athenaError = {
            ErrorCategory: details.category ?? 2,
            ErrorType: 1,
            Retryable: details.retryable ?? false,
        };
    }
}
