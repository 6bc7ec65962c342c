import pg from 'pg';
import { DataError } from '#core/errors.ts';
import type { PublishMart } from '#core/publish/publisher.ts';
import { POSTGRES_TYPES } from './column-types.ts';

const quote = pg.escapeIdentifier;

/** A published table as the database has it. */
export interface MartTable {
    readonly comment: string | null;
    readonly columns: readonly { name: string; type: string; comment: string | null }[];
    /** Name of the primary key constraint and its columns; empty when there is none. */
    readonly primaryKey: { readonly name: string | null; readonly columns: readonly string[] };
}

/** The mart's table with its schema, quoted. */
export function martTable(mart: { readonly table: string }): string {
    return `marts.${quote(mart.table)}`;
}

/** Column names as a quoted list, each prefixed with `alias.` if one is given. */
export function columnList(names: readonly string[], alias?: string): string {
    return names.map((name) => (alias === undefined ? quote(name) : `${alias}.${quote(name)}`)).join(', ');
}

/** Columns with their types, as in `create table`; all of the mart's, or those named. */
export function columnDefinitions(mart: PublishMart, names?: readonly string[]): string {
    return mart.columns
        .filter((column) => names === undefined || names.includes(column.name))
        .map((column) => `${quote(column.name)} ${POSTGRES_TYPES[column.type]}`)
        .join(', ');
}

const DESCRIBE = `
    select c.relname as name, c.relkind as kind, obj_description(c.oid, 'pg_class') as comment,
        (select coalesce(json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
                'comment', col_description(c.oid, a.attnum)) order by a.attnum), '[]')
            from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
        (select k.conname from pg_constraint k where k.conrelid = c.oid and k.contype = 'p') as key_name,
        (select coalesce(json_agg(a.attname order by array_position(k.conkey, a.attnum)), '[]')
            from pg_constraint k join pg_attribute a on a.attrelid = c.oid and a.attnum = any (k.conkey)
            where k.conrelid = c.oid and k.contype = 'p') as key_columns
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'marts' and c.relname = any ($1)`;

/**
 * Those of the tables `marts.<table>` that there are, by name.
 *
 * @throws DataError when something else (a view, say) has such a name
 */
export async function describeMartTables(
    client: pg.Client,
    tables: readonly string[],
): Promise<Map<string, MartTable>> {
    const { rows } = await client.query<DescribedRow>(DESCRIBE, [tables]);
    return new Map(rows.map((row) => [row.name, describedTable(row)]));
}

interface DescribedRow {
    readonly name: string;
    readonly kind: string;
    readonly comment: string | null;
    readonly columns: MartTable['columns'];
    readonly key_name: string | null;
    readonly key_columns: readonly string[];
}

function describedTable(row: DescribedRow): MartTable {
    if (row.kind !== 'r') {
        throw new DataError(
            `marts.${row.name} should be a table, but something else has that name (kind "${row.kind}"; v is a view, ` +
                'm a materialized view). Rename or drop it, or publish the mart under another name.',
        );
    }
    return {
        comment: row.comment,
        columns: row.columns,
        primaryKey: { name: row.key_name, columns: row.key_columns },
    };
}

/** Whether the primary key is the mart's key; the order of its columns does not matter. */
export function hasKey(table: MartTable, mart: PublishMart): boolean {
    const { columns } = table.primaryKey;
    return columns.length === mart.key.length && mart.key.every((name) => columns.includes(name));
}

/** Whether names and types of the columns, and the key, are the mart's; the order of columns does not matter. */
export function fits(table: MartTable, mart: PublishMart): boolean {
    return (
        hasKey(table, mart) &&
        table.columns.length === mart.columns.length &&
        mart.columns.every((wanted) =>
            table.columns.some((found) => found.name === wanted.name && found.type === POSTGRES_TYPES[wanted.type]),
        )
    );
}
