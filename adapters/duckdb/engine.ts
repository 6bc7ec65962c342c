import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { BuildRequest, BuiltPart, BuiltTable, DataRow, Statement, TableEngine } from '#core/build/ports.ts';
import { coerceError, DataError, TransientError } from '#core/errors.ts';
import type { BlobStore } from '#core/store/ports.ts';
import { castList, portableColumns } from './column-types.ts';
import type { Database, Session } from './database.ts';
import { rangeCondition, relationText } from './relation.ts';
import { identifier, literal } from './text.ts';

/** The SQL engine on DuckDB. `database` carries the Trino prelude. */
export function createDuckdbEngine(database: Database, blobs: BlobStore): TableEngine {
    /** Opens the files of a statement, renders it and hands both to `work`. */
    async function withSql<T>(statement: Statement, work: (session: Session, sql: string) => Promise<T>): Promise<T> {
        const releases: (() => Promise<void>)[] = [];
        const texts = new Map<string, string>();
        try {
            for (const [name, input] of statement.inputs) {
                const opened = await blobs.open(input.kind === 'files' ? input.files : []);
                releases.push(opened.release);
                texts.set(name, relationText(input, opened.paths));
            }
            const sql = statement.render((name) => {
                const text = texts.get(name);
                if (text === undefined) throw new DataError(`The statement reads ${name}, which is not bound.`);
                return text;
            });
            return await database.session((session) => work(session, sql).catch(explain));
        } finally {
            for (const release of releases) await release();
        }
    }

    return {
        build: (request) => withSql(request.statement, (session, sql) => buildIn(session, sql, request)),
        rows: (statement) => withSql(statement, (session, sql) => session.rows(sql)),
        csv: (statement, columns, path) =>
            withSql(statement, async (session, sql) => {
                const quoted = columns.filter(({ type }) => type === 'varchar').map(({ name }) => identifier(name));
                const force = quoted.length ? `, force_quote (${quoted.join(', ')})` : '';
                const names = columns.map(({ name }) => identifier(name)).join(', ');
                const [row] = await session.rows(
                    `copy (select ${names} from (${sql})) to ${literal(path)} (format csv, header false, nullstr ''${force})`,
                );
                return Number(row?.Count ?? 0);
            }),
        async write(rows, columns, key, folder) {
            const path = join(folder, 'rows.ndjson');
            await writeFile(path, rows.map((row) => JSON.stringify(row)).join('\n'));
            const fields = columns.map(({ name, type }) => `${identifier(name)}: '${type}'`).join(', ');
            const read = `select * from read_json(${literal(path)}, format = 'newline_delimited', columns = {${fields}})`;
            const statement = {
                inputs: new Map(),
                render: () => (rows.length ? read : relationText({ kind: 'values', columns, rows: [] }, [])),
            };
            return withSql(statement, (session, sql) =>
                buildIn(session, sql, { statement, key, byDate: undefined, folder }),
            );
        },
    };
}

async function buildIn(session: Session, sql: string, request: BuildRequest): Promise<BuiltTable> {
    const columns = portableColumns(await session.rows(`describe ${sql}`));
    const kept = request.byDate ? ` where ${rangeCondition(request.byDate.column, request.byDate.ranges)}` : '';
    const order = [...(request.byDate ? [request.byDate.column] : []), ...request.key].map(identifier).join(', ');
    // Sorted in memory by all threads, then written by one: the same rows give the same bytes.
    await session.run(
        `create or replace temp table built as select ${castList(columns)} from (${sql}) as computed${kept} order by ${order}`,
    );
    try {
        const [size] = await session.rows('select count(*) as rows from built');
        if (Number(size?.rows ?? 0) === 0) return { columns, folder: undefined, parts: [] };
        const folder = join(request.folder, 'table');
        const parts = request.byDate
            ? await copyByDate(session, request.byDate.column, folder)
            : await copyWhole(session, folder);
        return { columns, folder, parts };
    } finally {
        await session.run('drop table if exists built');
    }
}

async function copyWhole(session: Session, folder: string): Promise<BuiltPart[]> {
    await mkdir(folder);
    const path = join(folder, 'data_0.parquet');
    const files = await session.rows(`copy built to ${literal(path)} (format parquet, return_stats true)`);
    return Promise.all(files.map((stats) => builtPart('all', folder, path, stats)));
}

async function copyByDate(session: Session, column: string, folder: string): Promise<BuiltPart[]> {
    await session.run('set threads = 1');
    try {
        const files = await session.rows(
            `copy built to ${literal(folder)} (format parquet, partition_by (${identifier(column)}), ` +
                'write_partition_columns true, return_stats true)',
        );
        return await Promise.all(
            files.map((stats) => {
                const path = String(stats.filename);
                const date = /=(\d{4}-\d{2}-\d{2})[\\/][^\\/]*$/.exec(path)?.[1];
                if (!date) throw new DataError(`Rows without a date: ${column} is null or no date in ${path}.`);
                return builtPart(date, folder, path, stats);
            }),
        );
    } finally {
        await session.run('reset threads');
    }
}

async function builtPart(part: string, folder: string, path: string, stats: DataRow): Promise<BuiltPart> {
    const hash = createHash('sha256');
    await pipeline(createReadStream(path), hash);
    return {
        part,
        file: relative(folder, path),
        rows: Number(stats.count),
        bytes: Number(stats.file_size_bytes),
        hash: hash.digest('hex').slice(0, 32),
    };
}

function explain(thrown: unknown): never {
    const error = coerceError(thrown);
    if (error instanceof TransientError || error instanceof DataError) throw error;
    throw new DataError(`The statement cannot be computed: ${error.message}`, { cause: error });
}
