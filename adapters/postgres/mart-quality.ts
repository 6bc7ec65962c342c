import type pg from 'pg';
import type { MartQuality } from '#core/publish/quality.ts';

const CREATE = `
    create table cartlake.mart_quality (
        mart text primary key,
        run_id text not null,
        version_id text not null,
        as_of timestamptz not null,
        watermark timestamptz,
        total_rows bigint not null,
        rows_read bigint not null,
        rows_accepted bigint not null,
        checks_passed bigint,
        checks_warned text[],
        behind text[] not null,
        grade text not null check (grade in ('A', 'B', 'C', 'D')),
        published_at timestamptz not null,
        looked_at timestamptz not null
    );
    comment on table cartlake.mart_quality is
        'Freshness and completeness of each published table, as the last build found them.';
    comment on column cartlake.mart_quality.as_of is 'When the rows were computed.';
    comment on column cartlake.mart_quality.watermark is 'Newest instant of the files the table is computed from.';
    comment on column cartlake.mart_quality.rows_read is
        'Rows in these files; those that are not among rows_accepted are in quarantine.';
    comment on column cartlake.mart_quality.checks_warned is 'Names of the checks that did not pass; null: not known.';
    comment on column cartlake.mart_quality.behind is
        'Models the last build could not compute or that failed a check: the table waits for them.';
    comment on column cartlake.mart_quality.looked_at is 'When the last build wrote this.';
    comment on column cartlake.mart_quality.grade is
        'A: all checks passed, 99.9 % of rows accepted; B: 99 %; C: a check warned, or 95 %; D: less, not known, or behind.'`;

/** Of a database that is older than these columns. */
const ADD = `
    alter table cartlake.mart_quality
        add column behind text[] not null default '{}',
        add column looked_at timestamptz not null default now()`;

interface Known {
    readonly table: string;
    readonly versionId: string;
    readonly quality?: MartQuality | undefined;
}

/**
 * Writes how far published tables can be trusted, each beside its newest entry in the log; where that names another
 * version, nothing. A table that is behind keeps its watermark. Creates the table of qualities where it is missing.
 */
export async function writeQuality(client: pg.Client, marts: readonly Known[]): Promise<void> {
    const known = marts.flatMap(({ quality, table, versionId }) => {
        if (!quality) return [];
        const { checks, ...rest } = quality;
        return [{ mart: table, version: versionId, ...rest, passed: checks?.passed, warned: checks?.warned }];
    });
    if (known.length === 0) return;
    await prepare(client);
    await client.query(
        `insert into cartlake.mart_quality as known (mart, run_id, version_id, as_of, watermark, total_rows,
                rows_read, rows_accepted, checks_passed, checks_warned, behind, grade, published_at, looked_at)
            select g.mart, l.run_id, l.version_id, g."asOf", g.watermark, l.total_rows,
                    g.read, g.accepted, g.passed, g.warned, g.behind, g.grade, l.published_at, now()
                from jsonb_to_recordset($1) as g(mart text, version text, "asOf" timestamptz, watermark timestamptz,
                    read bigint, accepted bigint, passed bigint, warned text[], behind text[], grade text)
                cross join lateral (
                    select * from cartlake.publish_log where mart = g.mart order by id desc limit 1) as l
                where l.version_id = g.version
            on conflict (mart) do update set (run_id, version_id, as_of, watermark, total_rows, rows_read,
                    rows_accepted, checks_passed, checks_warned, behind, grade, published_at, looked_at) =
                (excluded.run_id, excluded.version_id, excluded.as_of,
                case when excluded.behind = '{}' then excluded.watermark else known.watermark end,
                excluded.total_rows, excluded.rows_read, excluded.rows_accepted, excluded.checks_passed,
                excluded.checks_warned, excluded.behind, excluded.grade, excluded.published_at, excluded.looked_at)`,
        [JSON.stringify(known)],
    );
}

async function prepare(client: pg.Client): Promise<void> {
    const { rows } = await client.query(
        `select count(*) > 0 as there, count(*) filter (where attname = 'behind') > 0 as whole
            from pg_attribute where attrelid = to_regclass('cartlake.mart_quality') and attnum > 0`,
    );
    if (!rows[0].there) await client.query(CREATE);
    else if (!rows[0].whole) await client.query(ADD);
}
