import pg from 'pg';
import type { PublishMart } from '#core/publish/publisher.ts';
import { columnList, martTable } from './mart-table.ts';

const quote = pg.escapeIdentifier;

/** Rows a change touched. */
export interface RowCounts {
    readonly inserted: number;
    readonly updated: number;
    readonly deleted: number;
}

async function affected(client: pg.Client, sql: string): Promise<number> {
    return (await client.query(sql)).rowCount ?? 0;
}

function sameKey(mart: PublishMart, left: string, right: string): string {
    return mart.key.map((name) => `${left}.${quote(name)} = ${right}.${quote(name)}`).join(' and ');
}

/** Updates rows that differ and inserts rows that are new; rows that are equal are not touched. */
async function upsert(client: pg.Client, mart: PublishMart, incoming: string): Promise<Omit<RowCounts, 'deleted'>> {
    const names = mart.columns.map((column) => column.name);
    const values = names.filter((name) => !mart.key.includes(name));
    let updated = 0;
    if (values.length > 0) {
        updated = await affected(
            client,
            `update ${martTable(mart)} t
                set ${values.map((name) => `${quote(name)} = i.${quote(name)}`).join(', ')}
                from ${incoming} i
                where ${sameKey(mart, 't', 'i')}
                    and row(${columnList(values, 't')}) is distinct from row(${columnList(values, 'i')})`,
        );
    }
    const inserted = await affected(
        client,
        `insert into ${martTable(mart)} (${columnList(names)})
            select ${columnList(names, 'i')} from ${incoming} i
            where not exists (select from ${martTable(mart)} t where ${sameKey(mart, 't', 'i')})`,
    );
    return { inserted, updated };
}

/**
 * The same by one lookup of each row: a third less time for a few rows of a large table, more for many. A row that was
 * there is locked before it changes, which `xmax` of its new version tells; that of an inserted row is 0.
 */
async function upsertOneByOne(
    client: pg.Client,
    mart: PublishMart,
    incoming: string,
): Promise<Omit<RowCounts, 'deleted'>> {
    const names = mart.columns.map((column) => column.name);
    const values = names.filter((name) => !mart.key.includes(name));
    const change =
        values.length === 0
            ? 'do nothing'
            : `do update set ${values.map((name) => `${quote(name)} = excluded.${quote(name)}`).join(', ')}
                where row(${columnList(values, 't')}) is distinct from row(${columnList(values, 'excluded')})`;
    const { rows } = await client.query(
        `with applied as (
            insert into ${martTable(mart)} as t (${columnList(names)})
                select ${columnList(names, 'i')} from ${incoming} i
                on conflict (${columnList(mart.key)}) ${change}
                returning t.xmax = 0 as is_new
        )
        select cast(count(*) filter (where is_new) as int) as inserted,
            cast(count(*) filter (where not is_new) as int) as updated
        from applied`,
    );
    return rows[0];
}

/** Makes the table's rows those of `incoming` (a relation with the mart's columns, unique on its key). */
export async function applyFull(client: pg.Client, mart: PublishMart, incoming: string): Promise<RowCounts> {
    const deleted = await affected(
        client,
        `delete from ${martTable(mart)} t
            where not exists (select from ${incoming} i where ${sameKey(mart, 'i', 't')})`,
    );
    return { ...(await upsert(client, mart, incoming)), deleted };
}

/** A delta in the database: rows and keys in two temporary tables. */
export interface LoadedDelta {
    readonly incoming: string;
    readonly gone: string;
    /** Rows of `incoming`. */
    readonly upserts: number;
    /** Rows of `gone`. */
    readonly deletes: number;
    /** So few rows that finding them one by one is faster than reading the whole table. */
    readonly isSmall: boolean;
}

/** Removes the rows whose keys are in `gone` but not in `incoming`, then upserts `incoming`. */
export async function applyDelta(client: pg.Client, mart: PublishMart, delta: LoadedDelta): Promise<RowCounts> {
    const { incoming, gone, upserts, deletes, isSmall } = delta;
    const deleted = deletes === 0 ? 0 : await removeGone(client, mart, { incoming, gone, isSmall });
    if (upserts === 0) return { inserted: 0, updated: 0, deleted };
    const counts = await (isSmall ? upsertOneByOne : upsert)(client, mart, incoming);
    return { ...counts, deleted };
}

async function removeGone(
    client: pg.Client,
    mart: PublishMart,
    { incoming, gone, isSmall }: Pick<LoadedDelta, 'incoming' | 'gone' | 'isSmall'>,
): Promise<number> {
    // The planner takes lookups for reads of a disk and would read a table of millions to remove a thousand rows.
    if (isSmall) await client.query('set local enable_hashjoin = off; set local enable_mergejoin = off');
    const deleted = await affected(
        client,
        `delete from ${martTable(mart)} t
            where exists (select from ${gone} g where ${sameKey(mart, 'g', 't')})
                and not exists (select from ${incoming} i where ${sameKey(mart, 'i', 't')})`,
    );
    if (isSmall) await client.query('set local enable_hashjoin to default; set local enable_mergejoin to default');
    return deleted;
}
