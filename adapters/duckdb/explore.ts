import { mkdir } from 'node:fs/promises';
import { type DuckDBConnection, DuckDBInstance, type DuckDBPreparedStatement, StatementType } from '@duckdb/node-api';
import type { Statement } from '#core/build/ports.ts';
import { coerceError, UsageError } from '#core/errors.ts';
import type { BlobStore } from '#core/store/ports.ts';
import { PRELUDE } from './prelude.ts';
import { relationText } from './relation.ts';
import { identifier, literal } from './text.ts';

/** A name people can query, and what it stands for. */
export interface NamedStatement {
    readonly name: string;
    readonly statement: Statement;
}

/** The answer to a question, read as it comes. */
export interface Answered {
    readonly columns: readonly { readonly name: string; readonly type: string }[];
    /** Batches of rows; values as JSON would hold them, decimals, dates and wide integers as text. */
    readonly batches: AsyncIterable<readonly (readonly unknown[])[]>;
}

/** Questions of people about the lake's files. */
export interface Explorer {
    /** Throws UsageError when it is not one statement that reads, or DuckDB refuses it. */
    ask(sql: string): Promise<Answered>;
    /** Writes the rows of a trusted statement to a file; the ending decides the format (.csv, .parquet, else NDJSON). */
    save(statement: Statement, path: string): Promise<number>;
    close(): void;
}

export interface ExplorerOptions {
    readonly relations: readonly NamedStatement[];
    readonly blobs: BlobStore;
    /** Folder for data that does not fit in memory. */
    readonly temporary: string;
    readonly memory?: number | undefined;
}

/** Opens a DuckDB with a view for each relation, in the dialect the models are written in. */
export async function openExplorer({ relations, blobs, temporary, memory }: ExplorerOptions): Promise<Explorer> {
    await mkdir(temporary, { recursive: true });
    const instance = await DuckDBInstance.create(':memory:', {
        temp_directory: temporary,
        ...(memory === undefined ? {} : { memory_limit: `${Math.floor(memory / 1024 / 1024)}MiB` }),
    });
    const connection = await instance.connect();
    const releases: (() => Promise<void>)[] = [];

    async function textOf(statement: Statement): Promise<string> {
        const texts = new Map<string, string>();
        for (const [name, input] of statement.inputs) {
            const opened = await blobs.open(input.kind === 'files' ? input.files : []);
            releases.push(opened.release);
            texts.set(name, relationText(input, opened.paths));
        }
        return statement.render((name) => texts.get(name) ?? identifier(name));
    }

    for (const statement of PRELUDE) await connection.run(statement);
    for (const { name, statement } of relations) {
        await connection.run(`create view ${identifier(name)} as ${await textOf(statement)}`);
    }
    return {
        async ask(sql) {
            const prepared = await prepareRead(connection, sql);
            const result = await prepared.stream().catch(refuse);
            const types = result.columnTypes();
            return {
                columns: result
                    .columnNames()
                    .map((name, index) => ({ name, type: String(types[index]).toLowerCase() })),
                batches: batchesOf(result.yieldRowsJson()),
            };
        },
        async save(statement, path) {
            const format = path.endsWith('.csv') ? 'csv' : path.endsWith('.parquet') ? 'parquet' : 'json';
            const rows = await connection.runAndReadAll(
                `copy (${await textOf(statement)}) to ${literal(path)} (format ${format})`,
            );
            return Number(rows.getRowsJson()[0]?.[0] ?? 0);
        },
        close() {
            for (const release of releases) void release();
            connection.closeSync();
            instance.closeSync();
        },
    };
}

async function prepareRead(connection: DuckDBConnection, sql: string): Promise<DuckDBPreparedStatement> {
    const statements = await connection.extractStatements(sql).catch((error: unknown) => {
        // What the binding says of a text without a statement in it.
        if (coerceError(error).message === 'Error in native callback') return undefined;
        return refuse(error);
    });
    if (!statements || statements.count === 0)
        throw new UsageError('Expected one statement, found none. Write a SELECT.');
    if (statements.count > 1) {
        throw new UsageError(`Expected one statement, found ${statements.count}. Ask them one by one.`);
    }
    const prepared = await statements.prepare(0).catch(refuse);
    if (prepared.statementType === StatementType.SELECT) return prepared;
    // EXPLAIN ANALYZE runs what it explains.
    const explained = /^\s*explain\s+(?:analyze\s+)?(.*)$/is.exec(sql)?.[1];
    if (prepared.statementType === StatementType.EXPLAIN && explained !== undefined) {
        await prepareRead(connection, explained);
        return prepared;
    }
    throw new UsageError(
        `Only statements that read are answered here, found ${StatementType[prepared.statementType]}. ` +
            'Tables change through ingest and build alone; write what you compute to a file with --csv or --json.',
    );
}

/** Errors of a running query come with its batches. */
async function* batchesOf<T>(batches: AsyncIterable<T>): AsyncGenerator<T> {
    try {
        yield* batches;
    } catch (error) {
        refuse(error);
    }
}

function refuse(thrown: unknown): never {
    if (thrown instanceof UsageError) throw thrown;
    const error = coerceError(thrown);
    throw new UsageError(error.message.replace(/^Failed to extract statements: /, '').trim(), { cause: error });
}
