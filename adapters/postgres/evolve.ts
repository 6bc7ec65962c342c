import pg from 'pg';
import type { PublishMart } from '#core/publish/publisher.ts';
import { POSTGRES_TYPES } from './column-types.ts';
import { columnDefinitions, columnList, hasKey, type MartTable, martTable } from './mart-table.ts';

const quote = pg.escapeIdentifier;

/** Creates the table without its key: a key built after the rows are there is built faster. */
export async function createTable(client: pg.Client, mart: PublishMart): Promise<void> {
    await client.query(`create table ${martTable(mart)} (${columnDefinitions(mart)})`);
}

/** The statement that makes the mart's key the primary key; fails on rows that are equal in it or have a null there. */
export function keyOf(relation: string, mart: PublishMart): string {
    return `alter table ${relation} add primary key (${columnList(mart.key)})`;
}

/**
 * Brings an existing table to the mart's columns. A column whose type changes loses its values, and when the key
 * (or the type of a key column) changes all rows go: the full change that follows brings them back in the same
 * transaction, and a cast of old values could fail.
 *
 * @returns how many rows were removed, and whether the key has to be added again after the rows are there
 */
export async function evolveTable(
    client: pg.Client,
    mart: PublishMart,
    table: MartTable,
): Promise<{ deleted: number; addKey: boolean }> {
    const name = martTable(mart);
    const found = new Map(table.columns.map((column) => [column.name, column.type]));
    const added = mart.columns.filter((column) => !found.has(column.name));
    const retyped = mart.columns.filter(
        (column) => found.has(column.name) && found.get(column.name) !== POSTGRES_TYPES[column.type],
    );
    const dropped = table.columns.filter((column) => !mart.columns.some((wanted) => wanted.name === column.name));
    const rekey = !hasKey(table, mart) || retyped.some((column) => mart.key.includes(column.name));
    let deleted = 0;
    if (rekey) {
        if (table.primaryKey.name !== null) {
            await client.query(`alter table ${name} drop constraint ${quote(table.primaryKey.name)}`);
            for (const column of table.primaryKey.columns) {
                await client.query(`alter table ${name} alter column ${quote(column)} drop not null`);
            }
        }
        // Not TRUNCATE: that would empty the table for readers whose snapshot is older.
        deleted = (await client.query(`delete from ${name}`)).rowCount ?? 0;
    }
    const actions = [
        ...dropped.map((column) => `drop column ${quote(column.name)}`),
        ...retyped.map((column) => {
            const type = POSTGRES_TYPES[column.type];
            return `alter column ${quote(column.name)} type ${type} using null::${type}`;
        }),
        ...added.map((column) => `add column ${quote(column.name)} ${POSTGRES_TYPES[column.type]}`),
    ];
    if (actions.length > 0) await client.query(`alter table ${name} ${actions.join(', ')}`);
    return { deleted, addKey: rekey };
}

/** The statements that write those comments of table and columns that differ from what stands there. */
export function commentsOf(mart: PublishMart, table: MartTable | undefined): string[] {
    const name = martTable(mart);
    const statements: string[] = [];
    if (mart.purpose !== undefined && mart.purpose !== table?.comment) {
        statements.push(`comment on table ${name} is ${pg.escapeLiteral(mart.purpose)}`);
    }
    const comments = new Map(table?.columns.map((column) => [column.name, column.comment]));
    for (const { name: column, description } of mart.columns) {
        if (description === undefined || comments.get(column) === description) continue;
        statements.push(`comment on column ${name}.${quote(column)} is ${pg.escapeLiteral(description)}`);
    }
    return statements;
}
