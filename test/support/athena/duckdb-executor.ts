import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from '#adapters/duckdb/database.ts';
import { literal, literals } from '#adapters/duckdb/text.ts';
import { type Answer, type Executor, QueryFailed, type Unload } from './executor.ts';
import type { GlueTables } from './glue-actions.ts';

/** Trino's functions that only statements of the Athena engine use. */
const MACROS = [
    'create or replace macro to_utf8(s) as encode(s)',
    'create or replace macro to_hex(b) as hex(b)',
    'create or replace macro md5(b) as unhex(system.main.md5(b))',
    "create or replace macro from_base(s, r) as cast('0x' || s as bigint)",
];

/** Computes the fake Athena's queries on DuckDB, over the lists of files that Glue's tables name. `lake` is a folder. */
export function createDuckdbExecutor(database: Database, lake: string, tables: () => GlueTables): Executor {
    const pathOf = (uri: string) => join(lake, uri.replace('s3://lake/', ''));

    /** Table names become scans of the files they list. */
    async function bound(sql: string): Promise<{ text: string; scannedBytes: number }> {
        let text = sql;
        for (const [name] of new Set(sql.match(/"work"\."\w+"/g)?.map((found) => [found] as const))) {
            const storage = tables().get(name.replaceAll('"', ''))?.input.StorageDescriptor;
            if (!storage) throw new QueryFailed(`TABLE_NOT_FOUND: ${name} does not exist`);
            const list = await readFile(pathOf(`${storage.Location}files`), 'utf8');
            const files = list.trim().split('\n').map(pathOf);
            text = text.replaceAll(
                name,
                `(select * from read_parquet(${literals(files)}, union_by_name = true, hive_partitioning = false))`,
            );
        }
        return { text, scannedBytes: text === sql ? 0 : 1_000 };
    }

    return {
        async select(sql): Promise<Answer> {
            const { text, scannedBytes } = await bound(sql);
            return database.session(async (session) => {
                for (const macro of MACROS) await session.run(macro);
                const described = await session.rows(`describe ${text}`);
                const columns = described.map((row) => ({
                    name: String(row.column_name),
                    type: athenaType(String(row.column_type)),
                }));
                const rows = (await session.rows(text)).map((row) =>
                    Object.values(row).map((value) => (value === null ? null : String(value))),
                );
                return { columns, rows, scannedBytes };
            });
        },
        async unload({ select, uri, partitionedBy }: Unload): Promise<Answer> {
            const { text, scannedBytes } = await bound(select);
            const folder = pathOf(uri);
            const there = await readdir(folder).catch(() => []);
            if (there.length > 0)
                throw new QueryFailed(`HIVE_PATH_ALREADY_EXISTS: Target directory ${uri} already exists`);
            await mkdir(folder, { recursive: true });
            await database.session(async (session) => {
                const by = partitionedBy === undefined ? 'per_thread_output true' : `partition_by (${partitionedBy})`;
                await session.run(`create or replace temp table unloaded as ${text}`);
                const [count] = await session.rows('select count(*) as rows from unloaded');
                if (Number(count?.rows) > 0) {
                    await session.run(
                        `copy unloaded to ${literal(folder)} (format parquet, ${by}, overwrite_or_ignore true)`,
                    );
                }
            });
            return { columns: [], rows: [], scannedBytes };
        },
    };
}

function athenaType(type: string): string {
    if (/^(DECIMAL|HUGEINT)/.test(type)) return 'decimal';
    return type.toLowerCase();
}
