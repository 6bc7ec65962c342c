import { cpus, totalmem } from 'node:os';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { allEnded } from '#core/all-ended.ts';
import { coerceError, PipelineError, TransientError } from '#core/errors.ts';
import { turnsBeside } from './turns.ts';

export interface DatabaseOptions {
    /** Folder for data that does not fit in memory. */
    readonly temporary: string;
    /** Bytes DuckDB may use; the process needs some 200 MB besides. */
    readonly memory?: number;
    readonly threads?: number;
    /** Statements run once on the new database, such as the Trino macros. */
    readonly prelude?: readonly string[];
}

/** Values as JSON would hold them: whole numbers as number where exact, otherwise text; decimals, dates and instants as text. */
export type Row = Readonly<Record<string, unknown>>;

/** One connection; its temporary tables go with it. */
export interface Session {
    run(sql: string): Promise<void>;
    rows(sql: string): Promise<Row[]>;
    /** Runs statements at once, each on a connection of its own, which sees no temporary table of this one. */
    together(statements: readonly string[]): Promise<Row[][]>;
}

/** An in-memory DuckDB, opened on first use; sessions take turns. */
export interface Database {
    /** Opens it ahead of its first use. Where that fails, the first session says why. */
    open(): Promise<void>;
    /** `memory`: bytes DuckDB may use in this session, where that is less than it may use anyway. */
    session<T>(work: (session: Session) => Promise<T>, memory?: number): Promise<T>;
    /** A session beside others of this kind, about as many as there are threads: for statements that keep one thread busy. */
    beside<T>(work: (session: Session) => Promise<T>): Promise<T>;
    /** A session beside the others, one at a time, by as many threads as these leave: for statements that read little. */
    aside<T>(work: (session: Session) => Promise<T>): Promise<T>;
    close(): void;
}

const DEFAULT_MEMORY = 1 << 30;

/**
 * Files lie on this machine and most are read once: a cache of them beside the system's own takes a third of the time
 * of opening a year of small files. Their footers are read by every check and model: kept, the next opening of a year
 * costs a fifth of the processor time. DuckDB reads a footer again when its file has changed.
 */
const SETTINGS = [
    "set global TimeZone = 'UTC'",
    'set global enable_external_file_cache = false',
    'set global parquet_metadata_cache = true',
];

export function createDatabase(options: DatabaseOptions): Database {
    let opened: Promise<DuckDBInstance> | undefined;
    const threads = options.threads ?? Math.min(cpus().length, 4);
    // One more than there are threads: while this process looks after one, the others keep all threads busy.
    const inTurn = turnsBeside(threads + 1);
    const aside = turnsBeside(1);
    let threadsInUse = threads;
    let threadsSet: Promise<unknown> = Promise.resolve();
    const memory = options.memory ?? Math.min(DEFAULT_MEMORY, Math.floor(totalmem() / 3));

    function onceOpened(): Promise<DuckDBInstance> {
        opened ??= openNew();
        return opened;
    }

    async function openNew(): Promise<DuckDBInstance> {
        // Loaded on first use: the native library takes a while, and most commands and functions do without.
        const duckdb = await import('@duckdb/node-api');
        const instance = await duckdb.DuckDBInstance.create(':memory:', {
            threads: String(threads),
            memory_limit: mebibytes(memory),
            temp_directory: options.temporary,
        });
        const connection = await instance.connect();
        await connection.run([...SETTINGS, ...(options.prelude ?? [])].join(';\n'));
        connection.closeSync();
        return instance;
    }

    /**
     * `wanted` threads work on the statement, or as many as do anyway. DuckDB's threads that have nothing to do look for work
     * all the time: beside other sessions each has one thread, its own, and wastes none.
     */
    async function connected<T>(
        wanted: number | undefined,
        work: (session: Session, connection: DuckDBConnection) => Promise<T>,
    ) {
        const instance = await onceOpened();
        const connection = await instance.connect();
        try {
            if (wanted !== undefined && wanted !== threadsInUse) {
                threadsInUse = wanted;
                threadsSet = connection.run(`set global threads = ${wanted}`);
            }
            await threadsSet;
            return await work(
                sessionOn(connection, () => instance.connect()),
                connection,
            );
        } finally {
            connection.closeSync();
        }
    }

    return {
        async open() {
            await onceOpened().catch(() => undefined);
        },
        session: (work, most = memory) =>
            inTurn('alone', () =>
                connected(threads, async (session, connection) => {
                    const limit = (bytes: number) => connection.run(`set memory_limit = '${mebibytes(bytes)}'`);
                    try {
                        if (most < memory) await limit(most);
                        return await work(session);
                    } finally {
                        if (most < memory) await limit(memory);
                    }
                }),
            ),
        beside: (work) => inTurn('beside', () => connected(1, work)),
        aside: (work) => aside('alone', () => connected(undefined, work)),
        close() {
            opened?.then((instance) => instance.closeSync()).catch(() => undefined);
            opened = undefined;
        },
    };
}

function mebibytes(bytes: number): string {
    return `${Math.floor(bytes / 1024 / 1024)}MiB`;
}

function sessionOn(connection: DuckDBConnection, connect: () => Promise<DuckDBConnection>): Session {
    return {
        async run(sql) {
            await connection.run(sql).catch(translate);
        },
        rows: (sql) => rowsOf(connection, sql),
        async together(statements) {
            return allEnded(
                statements.map(async (sql) => {
                    const own = await connect();
                    return rowsOf(own, sql).finally(() => own.closeSync());
                }),
            );
        },
    };
}

async function rowsOf(connection: DuckDBConnection, sql: string): Promise<Row[]> {
    const reader = await connection.runAndReadAll(sql).catch(translate);
    const whole = reader.columnNames().filter((_, index) => WHOLE_TYPES.has(String(reader.columnType(index))));
    return (reader.getRowObjectsJson() as Record<string, unknown>[]).map((row) => {
        for (const name of whole) row[name] = exact(row[name]);
        return row;
    });
}

const WHOLE_TYPES: ReadonlySet<string> = new Set(['BIGINT', 'UBIGINT', 'HUGEINT']);

function exact(value: unknown): unknown {
    const number = Number(value);
    return typeof value === 'string' && Number.isSafeInteger(number) ? number : value;
}

/** A full disk and exhausted memory pass by themselves or with help; everything else keeps DuckDB's own words. */
function translate(thrown: unknown): never {
    const error = coerceError(thrown);
    if (/no space left|disk quota|file too large|could not write file|failed to write/i.test(error.message)) {
        throw new TransientError(
            `The disk is full while DuckDB writes (${firstLine(error)}). Nothing was lost: free some space and run the same command again.`,
            { cause: error },
        );
    }
    if (/out of memory/i.test(error.message)) {
        throw new TransientError(
            `DuckDB needs more memory (${firstLine(error)}). Raise CARTLAKE_MEMORY_MB and run the same command again.`,
            { cause: error },
        );
    }
    throw new PipelineError(error.message, { cause: error });
}

function firstLine(error: Error): string {
    return error.message.split('\n')[0] ?? '';
}
