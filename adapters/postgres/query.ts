import pg from 'pg';
import { coerceError, UsageError } from '#core/errors.ts';
import { closeClient, openClient, type SessionLimits, serverOf } from './connection.ts';
import { toPipelineError } from './errors.ts';

/** The answer to a query: values are PostgreSQL's own text, null is null. */
export interface SelectedRows {
    readonly columns: readonly { readonly name: string; readonly type: string }[];
    readonly rows: readonly (readonly (string | null)[])[];
}

const LIMITS: SessionLimits = { statement: 5 * 60_000, lock: 30_000 };

/** Keeps values as text: the driver's dates are in the local time zone and its numbers lose digits. */
const AS_TEXT = { getTypeParser: () => (value: string) => value };

async function typeNames(client: pg.Client, oids: readonly number[]): Promise<Map<number, string>> {
    const { rows } = await client.query(
        'select t.oid::int4 as oid, format_type(t.oid, null) as name from pg_type t where t.oid = any ($1)',
        [[...new Set(oids)]],
    );
    return new Map(rows.map((row) => [row.oid, row.name]));
}

/** A fault of the statement itself, not of the server: syntax, unknown names, a write, a value that does not cast. */
function isStatementError(error: Error): boolean {
    return error instanceof pg.DatabaseError && /^(42(?!501)|22|25|21|2B|0A|P0|23)/.test(error.code ?? '');
}

/**
 * Runs one statement in a read-only transaction; unqualified names are looked up in `marts`, then `public`.
 * All rows are held in memory.
 *
 * @throws UsageError when the statement is wrong, writes, or is more than one
 * @throws TransientError when the server cannot be reached or stops
 */
export async function selectRows(url: string, sql: string, limits: SessionLimits = LIMITS): Promise<SelectedRows> {
    const client = await openClient(url, limits);
    try {
        await client.query('begin transaction read only; set local search_path = marts, public');
        // The extended protocol takes a single statement, so none can end the read-only transaction for another.
        const query = { text: sql, rowMode: 'array' as const, types: AS_TEXT, queryMode: 'extended' };
        const result = await client.query<(string | null)[]>(query);
        const names = await typeNames(
            client,
            result.fields.map((field) => field.dataTypeID),
        );
        const columns = result.fields.map((field) => ({
            name: field.name,
            type: names.get(field.dataTypeID) ?? 'unknown',
        }));
        return { columns, rows: result.rows };
    } catch (thrown) {
        const error = coerceError(thrown);
        if (!isStatementError(error)) throw toPipelineError(error, { server: serverOf(url) });
        throw new UsageError(
            `The query was refused: ${error.message}. One statement that reads is expected; correct it.`,
            {
                cause: error,
            },
        );
    } finally {
        await closeClient(client);
    }
}
