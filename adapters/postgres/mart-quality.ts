import type pg from 'pg';
import type { PublishMart } from '#core/publish/publisher.ts';

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
        grade text not null check (grade in ('A', 'B', 'C', 'D')),
        published_at timestamptz not null default now()
    );
    comment on table cartlake.mart_quality is
        'Freshness and completeness of each published table, written in the transaction that published it.';
    comment on column cartlake.mart_quality.as_of is 'When the rows were computed.';
    comment on column cartlake.mart_quality.watermark is 'Newest instant of the files the table is computed from.';
    comment on column cartlake.mart_quality.rows_read is
        'Rows in these files; those that are not among rows_accepted are in quarantine.';
    comment on column cartlake.mart_quality.checks_warned is 'Names of the checks that did not pass; null: not known.';
    comment on column cartlake.mart_quality.grade is
        'A: all checks passed, 99.9 % of rows accepted; B: 99 %; C: a check warned, or 95 %; D: less, or not known.'`;

/** Writes how far a mart can be trusted, beside its entry in the log; creates the table where it is missing. */
export async function writeQuality(client: pg.Client, runId: string, mart: PublishMart): Promise<void> {
    if (mart.quality === undefined) return;
    const { rows } = await client.query(`select to_regclass('cartlake.mart_quality') is not null as there`);
    if (!rows[0].there) await client.query(CREATE);
    const { asOf, watermark, read, accepted, checks, grade } = mart.quality;
    await client.query(
        `insert into cartlake.mart_quality as known (mart, run_id, version_id, as_of, watermark, total_rows, rows_read,
                rows_accepted, checks_passed, checks_warned, grade)
            select $1, $2, $3, $4, $5, l.total_rows, $6, $7, $8, $9, $10
                from cartlake.publish_log l where l.mart = $1 order by l.id desc limit 1
            on conflict (mart) do update set (run_id, version_id, as_of, watermark, total_rows, rows_read,
                rows_accepted, checks_passed, checks_warned, grade, published_at) =
                (excluded.run_id, excluded.version_id, excluded.as_of, excluded.watermark, excluded.total_rows,
                excluded.rows_read, excluded.rows_accepted, excluded.checks_passed, excluded.checks_warned,
                excluded.grade, now())`,
        [
            mart.table,
            runId,
            mart.versionId,
            asOf,
            watermark ?? null,
            read,
            accepted,
            checks?.passed ?? null,
            checks?.warned ?? null,
            grade,
        ],
    );
}
