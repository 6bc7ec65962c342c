import { isDeepStrictEqual } from 'node:util';
import { renderForAthena } from '#adapters/athena/render.ts';
import type { WorkTables } from '#adapters/glue/work-tables.ts';
import type { BuildRequest, DataRow, LocalEngine, Statement } from '#core/build/ports.ts';
import { coerceError } from '#core/errors.ts';
import type { Column } from '#core/types.ts';
import { portableType } from './portable-type.ts';
import type { TrinoClient, TrinoResult } from './trino/client.ts';

/** What was compared under one name. */
export interface Comparison {
    readonly name: string;
    statements: number;
    rows: number;
    /** Milliseconds that Trino took. */
    took: number;
    /** In words; empty when both engines agree. */
    readonly differences: string[];
}

export interface ComparerParts {
    readonly trino: TrinoClient;
    readonly tables: WorkTables;
    readonly duckdb: LocalEngine;
    describe(statement: Statement): Promise<readonly Column[]>;
}

/** Runs statements on both engines and compares columns, types and rows. */
export interface Comparer {
    readonly comparisons: ReadonlyMap<string, Comparison>;
    compare(name: string, statement: Statement, byDate?: BuildRequest['byDate']): Promise<void>;
}

const MOST_DIFFERENCES = 3;

export function createComparer(parts: ComparerParts): Comparer {
    const comparisons = new Map<string, Comparison>();

    async function onTrino(statement: Statement, comparison: Comparison): Promise<TrinoResult> {
        const sql = await renderForAthena(statement, parts.tables);
        const start = performance.now();
        try {
            return await parts.trino.run(sql);
        } finally {
            comparison.took += performance.now() - start;
        }
    }

    return {
        comparisons,
        async compare(name, statement) {
            const comparison = comparisons.get(name) ?? { name, statements: 0, rows: 0, took: 0, differences: [] };
            comparisons.set(name, comparison);
            comparison.statements++;
            try {
                const columns = await parts.describe(statement);
                const expected = await parts.duckdb.rows(asTexts(statement, columns));
                const types = await onTrino(wrapped(statement, 'select * from ($) as typed limit 0'), comparison);
                const found = await onTrino(asTexts(statement, columns), comparison);
                comparison.rows += expected.length;
                const differences = [...typeDifferences(columns, types), ...rowDifferences(expected, found)];
                comparison.differences.push(...differences.slice(0, MOST_DIFFERENCES));
            } catch (thrown) {
                comparison.differences.push(coerceError(thrown).message.slice(0, 2_000));
            }
        },
    };
}

/** `$` stands for the statement. */
function wrapped({ inputs, render }: Statement, sql: string): Statement {
    return { inputs, render: (bind) => sql.replace('$', () => render(bind)) };
}

/** Values as text, so that no digit is lost on the way and both engines write instants alike; doubles as they are. */
function asTexts(statement: Statement, columns: readonly Column[]): Statement {
    const list = columns.map(({ name, type }) => {
        if (type === 'double') return `"${name}"`;
        if (type === 'timestamp') return `date_format("${name}", '%Y-%m-%d %H:%i:%s.%f') as "${name}"`;
        const exact = type === 'bigint' ? 'decimal(38, 0)' : type;
        return `cast(cast("${name}" as ${exact}) as varchar) as "${name}"`;
    });
    return wrapped(statement, `select ${list.join(', ')} from ($) as compared`);
}

function typeDifferences(columns: readonly Column[], { columns: found }: TrinoResult): string[] {
    const ours = columns.map(({ name, type }) => `${name} ${type}`);
    const theirs = found.map(({ name, type }) => `${name} ${portableType(type)}`);
    if (isDeepStrictEqual(ours, theirs)) return [];
    const differing = ours.flatMap((column, index) =>
        column === theirs[index] ? [] : [`${column} in DuckDB, ${theirs[index] ?? 'missing'} in Trino`],
    );
    return [`columns: ${differing.join('; ') || `Trino has ${theirs.length} of them`}`];
}

function rowDifferences(expected: readonly DataRow[], found: TrinoResult): string[] {
    const ours = expected.map((row) => JSON.stringify(Object.values(row))).sort();
    const theirs = found.rows.map((row) => JSON.stringify(row)).sort();
    if (isDeepStrictEqual(ours, theirs)) return [];
    const missing = without(ours, theirs);
    const extra = without(theirs, ours);
    return [
        `${ours.length} rows in DuckDB, ${theirs.length} in Trino; ${missing.length} and ${extra.length} differ.` +
            `\n    DuckDB ${missing[0] ?? '-'}\n    Trino  ${extra[0] ?? '-'}`,
    ];
}

function without(rows: readonly string[], others: readonly string[]): string[] {
    const left = new Map<string, number>();
    for (const row of others) left.set(row, (left.get(row) ?? 0) + 1);
    return rows.filter((row) => {
        const count = left.get(row) ?? 0;
        left.set(row, count - 1);
        return count <= 0;
    });
}
