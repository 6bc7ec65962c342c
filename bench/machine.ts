import { cpus, totalmem } from 'node:os';
import { DuckDBInstance } from '@duckdb/node-api';

/** One line on where the numbers come from: processor, cores, memory, system and versions. */
export async function machineLine(): Promise<string> {
    const processors = cpus();
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    const [row] = (await connection.runAndReadAll('select version() as version')).getRowObjectsJson();
    connection.closeSync();
    instance.closeSync();
    return [
        `${processors.length} cores (${processors[0]?.model.trim() ?? 'unknown processor'})`,
        `${Math.round(totalmem() / 1024 ** 3)} GB`,
        `${process.platform} ${process.arch}`,
        `Node ${process.versions.node}`,
        `DuckDB ${String(row?.version)}`,
    ].join(', ');
}
