import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { ContractSource } from '#core/contracts/source.ts';
import { TransientError } from '#core/errors.ts';
import type { SourceReader, SourceRequest, SourceRows } from '#core/extract/ports.ts';
import { closeClient, openClient, serverOf } from '../connection.ts';
import { selectedColumns, sourceColumns } from './columns.ts';
import { copyOut } from './copy-out.ts';
import { type SourcePlace, sourceError } from './source-errors.ts';
import { watermarkOf } from './watermark.ts';

export interface SourceReaderOptions {
    /** Hears each failed attempt to connect before the next one. */
    readonly onRetry?: (why: string, waitMs: number) => void;
    /** Waits between attempts to connect, in milliseconds. @default 500, 1000, 2000, 4000 */
    readonly waits?: readonly number[];
}

const WAITS_MS = [500, 1_000, 2_000, 4_000];
const LOCK_MS = 30_000;

/** Everything an extract sees is one state of the database, and it cannot change any. */
const BEGIN = `begin transaction isolation level repeatable read read only;
    set local timezone = 'UTC';
    set local datestyle = 'ISO, YMD';
    set local intervalstyle = 'iso_8601';
    set local client_encoding = 'UTF8'`;

/**
 * Reads a PostgreSQL by COPY. TLS follows the URL's `sslmode`. Only connecting is tried again: what breaks while rows
 * are read is told, and the next extract reads from the start.
 */
export function createSourceReader(url: string, options: SourceReaderOptions = {}): SourceReader {
    const server = serverOf(url);
    return {
        async read(request) {
            const place = placeOf(request, server);
            const client = await connect(url, request.source, options);
            try {
                await client.query(BEGIN);
                const rows = await readRows(client, request, place);
                await client.query('commit');
                return rows;
            } catch (thrown) {
                throw sourceError(thrown, place);
            } finally {
                await closeClient(client);
            }
        },
    };
}

function placeOf({ contract, source }: SourceRequest, server: string): SourcePlace {
    const relation = source.from.kind === 'table' ? `${source.schema}.${source.from.table}` : 'the query';
    return { dataset: contract.dataset, server, relation, timeoutSeconds: source.timeoutSeconds };
}

async function connect(
    url: string,
    { timeoutSeconds }: ContractSource,
    { onRetry, waits = WAITS_MS }: SourceReaderOptions,
): Promise<pg.Client> {
    const limits = { statement: timeoutSeconds * 1_000, lock: LOCK_MS };
    for (const wait of waits) {
        try {
            return await openClient(url, limits);
        } catch (error) {
            if (!(error instanceof TransientError)) throw error;
            onRetry?.(error.message, wait);
            await sleep(wait);
        }
    }
    return openClient(url, limits);
}

async function readRows(
    client: pg.Client,
    { contract, source, after, path }: SourceRequest,
    place: SourcePlace,
): Promise<SourceRows> {
    const columns = await sourceColumns(client, source, place.server);
    const { list, key } = selectedColumns(contract, columns, place);
    const relation =
        source.from.kind === 'table'
            ? `${pg.escapeIdentifier(source.schema)}.${pg.escapeIdentifier(source.from.table)}`
            : `(${source.from.query})`;
    const from = (where: string | undefined) =>
        `from ${relation} as source${where === undefined ? '' : ` where ${where}`}`;
    const select = (where: string | undefined) => `select ${list} ${from(where)} order by ${key}`;
    const advice = await adviceFor(client, source, place);
    if (source.mode === 'snapshot') {
        const copied = await copyOut(client, select(undefined), path);
        return { ...copied, watermark: undefined, tailHash: undefined, advice };
    }
    const { column, beyond } = watermarkOf(source, columns, place);
    const where = after === undefined ? undefined : beyond(after);
    const copied = await copyOut(client, select(where), path);
    const { rows } = await client.query<{ newest: string | null }>(
        `select max(${column})::text as newest ${from(where)}`,
    );
    const watermark = rows[0]?.newest ?? undefined;
    const tail = watermark === undefined ? undefined : await copyOut(client, select(beyond(watermark)), undefined);
    return { ...copied, watermark, tailHash: tail?.hash, advice };
}

/** A role that may write can be made to: a pipeline needs to read only. */
async function adviceFor(client: pg.Client, { from, schema }: ContractSource, place: SourcePlace): Promise<string[]> {
    if (from.kind !== 'table') return [];
    const { rows } = await client.query<{ role: string; writes: boolean }>(
        `select current_user as role, has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE') as writes
         from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = $1 and c.relname = $2`,
        [schema, from.table],
    );
    const [row] = rows;
    if (row === undefined || !row.writes) return [];
    return [
        `The role ${row.role} may write to ${place.relation} at ${place.server}; extracts need a role that may only ` +
            `read it: create role cartlake_reader login password '...'; grant usage on schema ${schema} to ` +
            `cartlake_reader; grant select on ${place.relation} to cartlake_reader.`,
    ];
}
