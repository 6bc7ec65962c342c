import pg from 'pg';
import type { Contract } from '#core/contracts/contract.ts';
import { matchHeader } from '#core/contracts/match.ts';
import type { ContractSource } from '#core/contracts/source.ts';
import { closest } from '#core/contracts/spelling.ts';
import { UsageError } from '#core/errors.ts';

/** Columns of a source: what the database calls them, with their types. */
export type SourceColumns = ReadonlyMap<string, string>;

/**
 * Readable columns of a table (or view), or of what a query returns.
 *
 * @throws UsageError when there is no such table
 */
export async function sourceColumns(client: pg.Client, source: ContractSource, server: string): Promise<SourceColumns> {
    if (source.from.kind === 'query') {
        const { fields } = await client.query(`select * from (${source.from.query}) as source limit 0`);
        const names = await typeNames(
            client,
            fields.map(({ dataTypeID }) => dataTypeID),
        );
        return new Map(fields.map(({ name, dataTypeID }) => [name, names.get(dataTypeID) ?? 'unknown']));
    }
    const { rows } = await client.query<{ name: string; type: string }>(
        `select a.attname as name, format_type(a.atttypid, null) as type
         from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
         where n.nspname = $1 and c.relname = $2 and a.attnum > 0 and not a.attisdropped
             and has_column_privilege(c.oid, a.attnum, 'SELECT')
         order by a.attnum`,
        [source.schema, source.from.table],
    );
    if (rows.length === 0) await refuseTable(client, source.schema, source.from.table, server);
    return new Map(rows.map(({ name, type }) => [name, type]));
}

async function typeNames(client: pg.Client, oids: readonly number[]): Promise<Map<number, string>> {
    const { rows } = await client.query<{ oid: number; name: string }>(
        'select t.oid::int4 as oid, format_type(t.oid, null) as name from pg_type t where t.oid = any ($1)',
        [[...new Set(oids)]],
    );
    return new Map(rows.map(({ oid, name }) => [oid, name]));
}

async function refuseTable(client: pg.Client, schema: string, table: string, server: string): Promise<never> {
    const { rows } = await client.query<{ name: string; isThere: boolean }>(
        `select c.relname as name, c.relname = $2 as "isThere" from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where n.nspname = $1 and c.relkind in ('r', 'p', 'v', 'm', 'f') order by 1 limit 200`,
        [schema, table],
    );
    if (rows.some(({ isThere }) => isThere)) {
        throw new UsageError(
            `The role may not read ${schema}.${table} at ${server}. Grant it USAGE on the schema and SELECT on the table.`,
        );
    }
    const names = rows.map(({ name }) => name);
    const meant = closest(table, names);
    const there = names.length === 0 ? 'nothing' : names.slice(0, 20).join(', ');
    throw new UsageError(
        `There is no table ${schema}.${table} at ${server}${meant === undefined ? '' : `; did you mean ${meant}?`} ` +
            `In the schema there is: ${there}. Name the right table in the contract.`,
    );
}

/** What an extract selects: contract columns by the names the database has for them. */
export interface SelectedColumns {
    /** `"id" as "customer_id", ...`, in the order of the contract. */
    readonly list: string;
    /** Quoted source names of the key, for a stable order. */
    readonly key: string;
}

/**
 * The columns of the contract among a source's columns. Others are not read: what nobody described stays at home.
 *
 * @throws UsageError when a key or required column is missing, or two could be the same column
 */
export function selectedColumns(
    contract: Contract,
    columns: SourceColumns,
    { relation, server }: { readonly relation: string; readonly server: string },
): SelectedColumns {
    const match = matchHeader(contract, [...columns.keys()]);
    const file = `contracts/${contract.dataset}.odcs.yaml`;
    const missing = [...match.missingKeys, ...match.missingRequired];
    if (missing.length > 0) {
        throw new UsageError(
            `${relation} at ${server} has no column for ${missing.join(', ')}; it has ${[...columns.keys()].join(', ')}. ` +
                `Add what the database calls it to aliases in ${file}, or extract a query that names it.`,
        );
    }
    const double = match.duplicates.find(({ column }) => column !== undefined);
    if (double !== undefined) {
        throw new UsageError(
            `${relation} at ${server} has ${double.headings.join(' and ')}: each could be ${double.column}. ` +
                `Extract a query that names one of them ${double.column} (${file}).`,
        );
    }
    const quoted = (name: string) => pg.escapeIdentifier(match.mapping.get(name) as string);
    const found = contract.columns.filter(({ name }) => match.mapping.has(name));
    return {
        list: found.map(({ name }) => `${quoted(name)} as ${pg.escapeIdentifier(name)}`).join(', '),
        key: contract.key.map(quoted).join(', '),
    };
}
