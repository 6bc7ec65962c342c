import type pg from 'pg';
import type { PublishedMart, PublishMart } from '#core/publish/publisher.ts';
import { martTable } from './mart-table.ts';

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

/** Creates the schemas and the log where they are missing. */
export async function preparePublishLog(client: pg.Client): Promise<void> {
    // Asked first: `if not exists` still takes the CREATE privilege and prints notices.
    if (await publishLogExists(client)) return;
    await client.query(CREATE);
}

/** Whether anything was ever published here. */
export async function publishLogExists(client: pg.Client): Promise<boolean> {
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
export async function readPublished(client: pg.Client): Promise<Map<string, LoggedMart>> {
    const { rows } = await client.query(
        `select distinct on (l.mart) l.mart, l.version_id, l.total_rows
            from cartlake.publish_log l
            join pg_class c on c.relname = l.mart and c.relnamespace = 'marts'::regnamespace and c.relkind = 'r'
            order by l.mart, l.id desc`,
    );
    return new Map(rows.map((row) => [row.mart, { versionId: row.version_id, rows: Number(row.total_rows) }]));
}

/**
 * Appends what was published to the log, with the number of rows the table has now: those it had before a delta and
 * what the delta did, otherwise counted.
 */
export async function logPublished(
    client: pg.Client,
    runId: string,
    { mart, rowsBefore }: { readonly mart: PublishMart; readonly rowsBefore: number | undefined },
    { inserted, updated, deleted }: PublishedMart,
): Promise<void> {
    const total = rowsBefore === undefined ? null : rowsBefore + inserted - deleted;
    await client.query(
        `insert into cartlake.publish_log (mart, run_id, version_id, inserted, updated, deleted, total_rows)
            select $1, $2, $3, $4, $5, $6, coalesce($7, (select count(*) from ${martTable(mart)}))`,
        [mart.table, runId, mart.versionId, inserted, updated, deleted, total],
    );
}
