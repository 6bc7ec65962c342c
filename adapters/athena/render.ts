import type { BoundInput, Statement } from '#core/build/ports.ts';
import { rangeCondition, relationText } from '../duckdb/relation.ts';
import type { WorkTables } from '../glue/work-tables.ts';
import { renderMarked } from '../sql/rendered.ts';

/** The SQL of a statement, with a work table for each list of files it reads. */
export async function renderForAthena(statement: Statement, tables: WorkTables): Promise<string> {
    const { read, fill } = renderMarked(statement);
    const relations = new Map<string, string>();
    for (const [mark, { name, input }] of read) relations.set(mark, await textOf(name, input, tables));
    return fill(relations);
}

async function textOf(name: string, input: BoundInput, tables: WorkTables): Promise<string> {
    if (input.kind === 'values' || input.files.length === 0) return relationText(input, []);
    const table = await tables.over(name.replace(/^_+/, ''), input.columns, input.files);
    const narrowed = input.narrow ? ` where ${rangeCondition(input.narrow.column, input.narrow.ranges)}` : '';
    return `(select * from ${table}${narrowed})`;
}
