import type { BoundInput, DataRow, Statement, TableEngine } from '../build/ports.ts';
import { filesOf, type TableVersion } from '../catalog/version.ts';
import { UsageError } from '../errors.ts';
import type { Model } from '../models/model.ts';
import type { Column } from '../types.ts';

/** A row that is not the same in two versions. */
export interface RowDifference {
    readonly change: 'added' | 'removed' | 'changed';
    readonly key: DataRow;
    /** Values of the earlier version in columns that differ; all of them where the row is gone. */
    readonly before: DataRow | undefined;
    readonly after: DataRow | undefined;
}

/** What lies between two versions of a table, row by row of its key. */
export interface VersionDifference {
    readonly added: number;
    readonly removed: number;
    readonly changed: number;
    /** Changed rows by column; a row can count in several. */
    readonly changedColumns: Readonly<Record<string, number>>;
    /** Columns one of the versions alone has, and those whose type is another: their values are not compared. */
    readonly columns: {
        readonly added: readonly string[];
        readonly removed: readonly string[];
        readonly retyped: readonly string[];
    };
    /** The first rows that differ, by key. */
    readonly rows: readonly RowDifference[];
}

type Versions = { readonly before: TableVersion; readonly after: TableVersion };
type DiffModel = Pick<Model, 'name' | 'key'>;

/**
 * Compares two versions by the model's key; parts that both share are not read.
 *
 * @throws UsageError when a version lacks a column of the key
 */
export async function diffVersions(
    engine: Pick<TableEngine, 'rows'>,
    model: DiffModel,
    { before, after }: Versions,
    limit: number,
): Promise<VersionDifference> {
    const columns = compareColumns(before.columns, after.columns);
    for (const name of model.key) requireComparable(model, columns.common, name);
    const compared = columns.common.map(({ name }) => name).filter((name) => !model.key.includes(name));
    const counts = {
        added: 'count(*) filter (not in_before)',
        removed: 'count(*) filter (not in_after)',
        changed: 'count(*) filter (in_before and in_after)',
        ...Object.fromEntries(
            compared.map((_, index) => [`c${index}`, `count(*) filter (in_before and in_after and d${index})`]),
        ),
    };
    const inputs = differingParts(before, after);
    const selected = Object.entries(counts).map(([name, sql]) => `${sql} as ${name}`);
    const [totals = {}] = await engine.rows(
        statement(inputs, `select ${selected.join(', ')} from ${joined(model, compared)}`),
    );
    const changedColumns = Object.fromEntries(
        compared.flatMap((name, index) =>
            Number(totals[`c${index}`]) > 0 ? [[name, Number(totals[`c${index}`])]] : [],
        ),
    );
    const { common, ...differing } = columns;
    return {
        added: Number(totals.added ?? 0),
        removed: Number(totals.removed ?? 0),
        changed: Number(totals.changed ?? 0),
        changedColumns,
        columns: differing,
        rows: limit > 0 ? await firstRows(engine, model, compared, inputs, limit) : [],
    };
}

async function firstRows(
    engine: Pick<TableEngine, 'rows'>,
    model: DiffModel,
    compared: readonly string[],
    inputs: Inputs,
    limit: number,
): Promise<RowDifference[]> {
    const order = model.key.map((_, index) => `k${index}`).join(', ');
    const rows = await engine.rows(
        statement(inputs, `select * from ${joined(model, compared)} order by ${order} limit ${limit}`),
    );
    return rows.map((row) => {
        const [isBefore, isAfter] = [row.in_before === true, row.in_after === true];
        const shown = compared.flatMap((name, index) =>
            isBefore && isAfter && row[`d${index}`] !== true ? [] : [[name, index] as const],
        );
        const side = (letter: 'b' | 'a') =>
            Object.fromEntries(shown.map(([name, index]) => [name, row[`${letter}${index}`]]));
        return {
            change: isBefore ? (isAfter ? 'changed' : 'removed') : 'added',
            key: Object.fromEntries(model.key.map((name, index) => [name, row[`k${index}`]])),
            before: isBefore ? side('b') : undefined,
            after: isAfter ? side('a') : undefined,
        };
    });
}

/** Rows that are not the same: key `k0`.., values before `b0`.. and after `a0`.., and whether each differs, `d0`.. */
function joined({ key }: DiffModel, compared: readonly string[]): string {
    const side = (name: string, letter: string) =>
        `(select ${[
            ...key.map((column, index) => `${quoted(column)} as ${letter}k${index}`),
            ...compared.map((column, index) => `${quoted(column)} as ${letter}${index}`),
            `true as there_${letter}`,
        ].join(', ')} from $${name}) as ${name}_rows`;
    const on = key.map((_, index) => `bk${index} is not distinct from ak${index}`).join(' and ');
    const differs = compared.map((_, index) => `b${index} is distinct from a${index}`);
    const selected = [
        ...key.map((_, index) => `coalesce(bk${index}, ak${index}) as k${index}`),
        ...compared.flatMap((_, index) => [`b${index}`, `a${index}`, `${differs[index]} as d${index}`]),
        'there_b is not null as in_before',
        'there_a is not null as in_after',
    ];
    const where = ['there_b is null', 'there_a is null', ...differs].join(' or ');
    return (
        `(select ${selected.join(', ')} from ${side('before', 'b')} ` +
        `full outer join ${side('after', 'a')} on ${on} where ${where}) as differences`
    );
}

function quoted(name: string): string {
    return `"${name.replaceAll('"', '""')}"`;
}

type Inputs = Readonly<Record<'before' | 'after', BoundInput>>;

function differingParts(before: TableVersion, after: TableVersion): Inputs {
    const isOther = (part: string) => before.parts[part]?.hash !== after.parts[part]?.hash;
    const input = ({ parts, columns }: TableVersion): BoundInput => ({
        kind: 'files',
        files: Object.entries(parts).flatMap(([name, part]) => (isOther(name) ? filesOf(part) : [])),
        uniform: true,
        columns,
        narrow: undefined,
    });
    return { before: input(before), after: input(after) };
}

function statement(inputs: Inputs, sql: string): Statement {
    return {
        inputs: new Map(Object.entries(inputs)),
        render: (bind) => sql.replaceAll(/\$(before|after)\b/g, (_, name: string) => `${bind(name)} as ${name}`),
    };
}

function compareColumns(before: readonly Column[], after: readonly Column[]) {
    const types = new Map(before.map(({ name, type }) => [name, type]));
    const names = new Set(after.map(({ name }) => name));
    return {
        common: after.filter(({ name, type }) => types.get(name) === type),
        added: after.filter(({ name }) => !types.has(name)).map(({ name }) => name),
        removed: before.filter(({ name }) => !names.has(name)).map(({ name }) => name),
        retyped: after.filter(({ name, type }) => types.has(name) && types.get(name) !== type).map(({ name }) => name),
    };
}

function requireComparable({ name, key }: DiffModel, common: readonly Column[], column: string): void {
    if (common.some((known) => known.name === column)) return;
    throw new UsageError(
        `The versions of ${name} cannot be compared by its key (${key.join(', ')}): one of them has no column ${column}, ` +
            'or has it with another type. Compare two newer versions (cartlake history), or read each with cartlake sql --as-of.',
    );
}
