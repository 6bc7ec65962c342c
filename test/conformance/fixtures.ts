import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { portableColumns } from '#adapters/duckdb/column-types.ts';
import { identifier, literal } from '#adapters/duckdb/text.ts';
import type { BoundInput } from '#core/build/ports.ts';
import type { ModelGraph } from '#core/models/graph.ts';
import { renderSql } from '#core/models/render.ts';
import { insertRows, modelFiles, openProject, type Row, readModelFile, rowsOf } from '../sql/models/project.ts';
import type { Comparer } from './comparer.ts';

interface Case {
    readonly name: string;
    readonly given: Readonly<Record<string, readonly Row[]>>;
}

/** Compares every model on the given rows of every case beside it. */
export async function compareFixtures(comparer: Comparer, graph: ModelGraph, lake: string): Promise<void> {
    const connection = await openProject(graph);
    try {
        for (const file of modelFiles('.test.json')) {
            const model = file.replace(/^.*\//, '').replace('.test.json', '');
            const cases = JSON.parse(readModelFile(file)) as Case[];
            for (const [index, example] of cases.entries()) {
                await connection.run('begin');
                for (const [leaf, rows] of Object.entries(example.given)) {
                    await connection.run(`delete from ${leaf}`);
                    await insertRows(connection, leaf, rows);
                }
                const inputs = await writeLeaves(connection, graph, model, lake, `fixtures/${model}/${index}`);
                await connection.run('rollback');
                await comparer.compare(model, { inputs, render: (bind) => renderSql(graph, model, bind) });
            }
        }
    } finally {
        connection.closeSync();
    }
}

/** The tables a model reads as Parquet files of the lake. */
async function writeLeaves(
    connection: DuckDBConnection,
    graph: ModelGraph,
    model: string,
    lake: string,
    place: string,
): Promise<ReadonlyMap<string, BoundInput>> {
    const leaves = new Set<string>();
    renderSql(graph, model, (leaf) => {
        leaves.add(leaf);
        return identifier(leaf);
    });
    await mkdir(join(lake, place), { recursive: true });
    const inputs = new Map<string, BoundInput>();
    for (const leaf of leaves) {
        const table = identifier(leaf);
        const columns = portableColumns(await rowsOf(connection, `describe ${table}`));
        const [count] = await rowsOf(connection, `select count(*)::integer as rows from ${table}`);
        const files = Number(count?.rows) > 0 ? [`${place}/${leaf}.parquet`] : [];
        for (const key of files) await connection.run(`copy ${table} to ${literal(join(lake, key))} (format parquet)`);
        inputs.set(leaf, { kind: 'files', files, uniform: true, columns, narrow: undefined });
    }
    return inputs;
}
