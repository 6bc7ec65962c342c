import type { DuckDBConnection } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderSql } from '#core/models/render.ts';
import { compileProject, insertRows, modelFiles, openProject, type Row, readModelFile, rowsOf } from './project.ts';

/** One case of `<model>.test.json`: rows of leaves (datasets, stored models, built-in relations) and of the model. */
interface Case {
    readonly name: string;
    readonly given: Readonly<Record<string, readonly Row[]>>;
    readonly expect: readonly Row[];
}

const COLUMN_TYPES = ['BIGINT', 'DOUBLE', 'BOOLEAN', 'VARCHAR', 'DATE', 'TIMESTAMP', 'DECIMAL(18,2)'];
const graph = compileProject();
const sqlModels = [...graph.models.values()].filter((model) => model.language === 'sql');
let connection: DuckDBConnection;

beforeAll(async () => {
    connection = await openProject(graph);
});
afterAll(() => connection.closeSync());

describe('the project', () => {
    it('compiles', () => {
        expect(graph.components.flat(2)).toContain('user_exposure');
    });

    it.each(sqlModels.filter((model) => model.kind !== 'view').map((model) => model.name))(
        'tests %s with given and expected rows',
        (name) => {
            expect(modelFiles('.test.json').some((file) => file.endsWith(`/${name}.test.json`))).toBe(true);
        },
    );
});

describe.each(sqlModels.filter((model) => model.kind !== 'view'))('$name', (model) => {
    it('has only portable column types, and none that changes from run to run', async () => {
        const columns = await rowsOf(connection, `describe ${model.name}`);
        const names = columns.map((column) => column.column_name);

        for (const column of columns) expect(COLUMN_TYPES, String(column.column_name)).toContain(column.column_type);
        expect(names).not.toEqual(expect.arrayContaining([expect.stringMatching(/^_(run_id|ingested_at|landed_at)$/)]));
        expect(names).toEqual(expect.arrayContaining([...model.key]));
        if (model.dateColumn !== undefined) expect(names).toContain(model.dateColumn);
    });
});

describe.each(modelFiles('.test.json'))('%s', (file) => {
    const name = file.replace(/^.*\//, '').replace('.test.json', '');

    it.each(JSON.parse(readModelFile(file)) as Case[])('$name', async (example) => {
        const expected = expectedColumns(example);
        await connection.run('begin');
        try {
            for (const [leaf, rows] of Object.entries(example.given)) {
                await connection.run(`delete from ${leaf}`);
                await insertRows(connection, leaf, rows);
            }
            await connection.run(`create temp table expected as select ${expected} from ${name} limit 0`);
            await insertRows(connection, 'expected', example.expect);

            const sql = renderSql(graph, name, (leaf) => leaf);
            const actual = await rowsOf(connection, `select ${expected} from (${sql}) order by all`);

            expect(actual).toEqual(await rowsOf(connection, 'from expected order by all'));
        } finally {
            await connection.run('rollback');
        }
    });
});

/** All expected rows name the same columns: those are compared. */
function expectedColumns(example: Case): string {
    const columns = Object.keys(example.expect[0] ?? {});
    if (columns.length === 0) return '*';
    for (const row of example.expect) expect(Object.keys(row).sort()).toEqual([...columns].sort());
    return columns.join(', ');
}
