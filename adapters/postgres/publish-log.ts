import type pg from 'pg';
import type { PublishRun } from '#core/publish/publisher.ts';
import type { AppliedMart } from './publish-mart.ts';

const CREATE = `
    create schema if not exists marts;
    create schema if not exists cartlake;
    create table if not exists cartlake.publish_log (
        id bigint generated always as identity primary key,
        mart text not null,
        run_id text not null,
        version_id text not null,
        published_at timestamptz not null default now(),
        inserted bigint not null,
        updated bigint not null,
        deleted bigint not null,
        total_rows bigint not null
    );
    create index if not exists publish_log_mart_id on cartlake.publish_log (mart, id desc);
    comment on table cartlake.publish_log is
        'One row per mart and publication; the newest row of a mart says which version its table holds.'`;

/** What the log says is published; creates the schemas and the log where they are missing. */
export async function openPublishLog(client: pg.Client): Promise<Map<string, LoggedMart>> {
    // Asked first: `if not exists` still takes the CREATE privilege and prints notices.
    if (await publishLogExists(client)) return readPublished(client);
    await client.query(CREATE);
    return new Map();
}

/** The same, of a database in which nothing is to change. */
export async function publishedSoFar(client: pg.Client): Promise<Map<string, LoggedMart>> {
    return (await publishLogExists(client)) ? readPublished(client) : new Map();
}

async function publishLogExists(client: pg.Client): Promise<boolean> {
    const { rows } = await client.query(
        `select to_regclass('cartlake.publish_log') is not null and to_regnamespace('marts') is not null as there`,
    );
    return rows[0].there;
}

/** What the log says of a published table. */
export interface LoggedMart {
    readonly versionId: string;
    readonly rows: number;
}

/** The newest entry by table for every logged mart whose table exists. */
async function readPublished(client: pg.Client): Promise<Map<string, LoggedMart>> {
    const { rows } = await client.query(
        `select distinct on (l.mart) l.mart, l.version_id, l.total_rows
            from cartlake.publish_log l
            join pg_class c on c.relname = l.mart and c.relnamespace = 'marts'::regnamespace and c.relkind = 'r'
            order by l.mart, l.id desc`,
    );
    return new Map(rows.map((row) => [row.mart, { versionId: row.version_id, rows: Number(row.total_rows) }]));
}

/** Appends to the log what a run published. */
export async function logPublished(client: pg.Client, run: PublishRun, applied: readonly AppliedMart[]): Promise<void> {
    const versions = new Map(run.marts.map(({ table, versionId }) => [table, versionId]));
    const entries = applied
        .filter(({ published }) => !published.skipped)
        .map(({ published, rows }) => ({ ...published, version: versions.get(published.mart), rows }));
    if (entries.length === 0) return;
    await client.query(
        `insert into cartlake.publish_log (mart, run_id, version_id, inserted, updated, deleted, total_rows)
            select mart, $1, version, inserted, updated, deleted, rows from jsonb_to_recordset($2) as e(mart text,
                version text, inserted bigint, updated bigint, deleted bigint, rows bigint)`,
        [run.runId, JSON.stringify(entries)],
    );
}
