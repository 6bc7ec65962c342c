import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BuiltTable, LocalEngine, Statement } from '#core/build/ports.ts';
import { coerceError, DataError, TransientError } from '#core/errors.ts';
import type { BlobStore } from '#core/store/ports.ts';
import type { Column } from '#core/types.ts';
import { renderMarked } from '../sql/rendered.ts';
import { portableColumns } from './column-types.ts';
import type { Database, Session } from './database.ts';
import { rangeCondition, relationText } from './relation.ts';
import { identifier, literal } from './text.ts';
import { copyByDate, copyWhole } from './write-parts.ts';

/** The SQL engine on DuckDB. `database` carries the Trino prelude. */
export function createDuckdbEngine(database: Database, blobs: BlobStore): LocalEngine {
    /** Renders a statement, opens the files of the relations that stand in it and hands the SQL to `work`. */
    async function withSql<T>(
        statement: Statement,
        work: (session: Session, sql: string) => Promise<T>,
        mayGoBeside = true,
    ): Promise<T> {
        const { read, fill } = renderMarked(statement);
        const releases: (() => Promise<void>)[] = [];
        const relations = new Map<string, string>();
        try {
            const paths: string[] = [];
            for (const [mark, { input }] of read) {
                const opened = await blobs.open(input.kind === 'files' ? input.files : []);
                releases.push(opened.release);
                paths.push(...opened.paths);
                relations.set(mark, relationText(input, opened.paths));
            }
            const turn = mayGoBeside && isLittle(paths) ? database.aside : database.session;
            return await turn((session) => work(session, fill(relations)).catch(explain));
        } finally {
            for (const release of releases) await release();
        }
    }

    return {
        build: (request) => {
            // A table by date sets the number of threads while it is written.
            const mayGoBeside = request.byDate === undefined || request.byDate.ranges.length === 0;
            return withSql(request.statement, (session, sql) => buildIn(session, sql, request), mayGoBeside);
        },
        rows: (statement) => withSql(statement, (session, sql) => session.rows(sql)),
        async pack(files, folder) {
            const statement = { inputs: new Map([['files', files]]), render: (bind: Bind) => bind('files') };
            const name = 'data_0.parquet';
            // Neither sorted nor kept in memory: rows come in the order of the files and leave in that order.
            await withSql(statement, (session, sql) =>
                session.run(`copy (select * from ${sql}) to ${literal(join(folder, name))} (format parquet)`),
            );
            return name;
        },
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

/** Bytes of files that a statement may read beside another one; it can hold a few times as much in memory. */
const LITTLE_BYTES = 16 << 20;

function isLittle(paths: readonly string[]): boolean {
    let bytes = 0;
    return paths.every((path) => {
        // One that is not there is the engine's to complain about.
        bytes += statSync(path, { throwIfNoEntry: false })?.size ?? 0;
        return bytes <= LITTLE_BYTES;
    });
}

type Bind = Parameters<Statement['render']>[0];
type LocalBuildRequest = Parameters<LocalEngine['build']>[0];

async function buildIn(session: Session, sql: string, request: LocalBuildRequest): Promise<BuiltTable> {
    if (request.byDate?.ranges.length === 0) {
        const described = await session.rows(`describe select * from (${sql}) as computed`);
        return { columns: portableColumns(described), folder: undefined, parts: [] };
    }
    const kept = request.byDate ? ` where ${rangeCondition(request.byDate.column, request.byDate.ranges)}` : '';
    const order = [...(request.byDate ? [request.byDate.column] : []), ...request.key].map(identifier).join(', ');
    // Sorted in memory by all threads, then written by one: the same rows give the same bytes.
    const table = `built_${randomUUID().slice(0, 8)}`;
    const [size] = await session.rows(
        `create table ${table} as select * from (${sql}) as computed${kept} order by ${order}`,
    );
    try {
        const columns = await makePortable(session, table);
        const rows = Number(size?.Count ?? 0);
        if (rows === 0) return { columns, folder: undefined, parts: [] };
        const folder = join(request.folder, 'table');
        if (!request.byDate) return { columns, folder, parts: await copyWhole(session, table, folder, rows) };
        const { byDate, packUntil } = request;
        return { columns, folder, ...(await copyByDate(session, table, { column: byDate.column, packUntil }, folder)) };
    } finally {
        await session.run(`drop table if exists ${table}`);
    }
}

/**
 * Widens the columns of a table to portable types and returns them. Asked of the table: asking the statement would
 * open its files and plan it a second time.
 */
async function makePortable(session: Session, table: string): Promise<Column[]> {
    const described = await session.rows(`describe ${table}`);
    const columns = portableColumns(described);
    for (const [index, { name, type }] of columns.entries()) {
        if (String(described[index]?.column_type).toLowerCase() === type) continue;
        await session.run(`alter table ${table} alter column ${identifier(name)} type ${type}`);
    }
    return columns;
}

function explain(thrown: unknown): never {
    const error = coerceError(thrown);
    if (error instanceof TransientError || error instanceof DataError) throw error;
    throw new DataError(`The statement cannot be computed: ${error.message}`, { cause: error });
}
