import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { PRELUDE } from '#adapters/duckdb/prelude.ts';
import { parseContracts } from '#core/contracts/parse.ts';
import { compileModels } from '#core/models/compile.ts';
import type { ModelGraph } from '#core/models/graph.ts';
import { renderSql } from '#core/models/render.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const MODELS = `${ROOT}models`;

/** The project's contracts by dataset: they say which columns models find. */
export const CONTRACTS = parseContracts(
    globSync('contracts/*.odcs.yaml', { cwd: ROOT }).map((name) => ({ name, text: readFileSync(ROOT + name, 'utf8') })),
);

/** Paths (below models/) of the project's files with this ending, sorted. */
export function modelFiles(ending: string): string[] {
    return globSync(`**/*${ending}`, { cwd: MODELS }).sort();
}

export function readModelFile(path: string): string {
    return readFileSync(`${MODELS}/${path}`, 'utf8');
}

/** The project's SQL models, compiled against its contracts. */
export function compileProject(): ModelGraph {
    return compileModels({
        files: modelFiles('.sql').map((name) => ({ name: `models/${name}`, text: readModelFile(name) })),
        typescriptModels: [],
        datasets: [...CONTRACTS.keys()],
        dateDatasets: [...CONTRACTS.keys()].filter((name) => CONTRACTS.get(name)?.dateColumn !== undefined),
    });
}

/** A DuckDB with the dialect's macros, and an empty table of the right columns for every leaf and stored model. */
export async function openProject(graph: ModelGraph): Promise<DuckDBConnection> {
    const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
    const connection = await instance.connect();
    for (const statement of PRELUDE) await connection.run(statement);
    await connection.run('create table contract_parameters (dataset varchar, name varchar, value varchar)');
    await connection.run('create table watermarks (relation varchar, ends_at timestamp)');
    await connection.run(`create table experiment_exposures as
        select '' as experiment_id, 'default' as exposure, unnest(['view_product', 'pdp_view']) as event_name`);
    for (const [name, contract] of CONTRACTS) {
        const columns = contract.columns.map((column) => `${column.name} ${column.type}`);
        await connection.run(`create table ${name} (${[...columns, STAGED].join(', ')})`);
    }
    for (const name of graph.components.flat(2)) {
        if (graph.models.get(name)?.language !== 'sql') continue;
        await connection.run(`create table ${name} as ${renderSql(graph, name, (leaf) => leaf)}`);
    }
    return connection;
}

/** What every staged row carries; defaults, so that test rows name only what matters. */
const STAGED = [
    "_source_uri varchar default 'landing/file.csv'",
    "_source_version varchar default 'v1'",
    '_source_row bigint default 1',
    "_landed_at timestamp default timestamp '2024-01-01'",
    "_ingested_at timestamp default timestamp '2024-01-01'",
    "_run_id varchar default 'run-1'",
    "_contract_version varchar default '1.0.0'",
].join(', ');

export type Row = Readonly<Record<string, unknown>>;

/** Rows of a query as JSON would hold them. */
export async function rowsOf(connection: DuckDBConnection, sql: string): Promise<Row[]> {
    return (await connection.runAndReadAll(sql)).getRowObjectsJson() as Row[];
}

/** Inserts JSON rows; columns that a row does not name take their default. */
export async function insertRows(connection: DuckDBConnection, table: string, rows: readonly Row[]): Promise<void> {
    for (const row of rows) {
        const names = Object.keys(row);
        const values = Object.values(row).map(literal);
        await connection.run(`insert into ${table} (${names.join(', ')}) values (${values.join(', ')})`);
    }
}

function literal(value: unknown): string {
    return value === null ? 'null' : `'${String(value).replaceAll("'", "''")}'`;
}
