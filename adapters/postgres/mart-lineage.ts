import type pg from 'pg';
import type { MartLineage } from '#core/publish/lineage.ts';
import type { PublishMart, PublishRun } from '#core/publish/publisher.ts';
import { CREATE_OBJECTS, writeObjects } from './object-versions.ts';

const CREATE = `
    ${CREATE_OBJECTS};
    create table cartlake.mart_part (
        mart text not null,
        part text not null,
        on_date date,
        run_id text not null,
        version_id text not null,
        as_of timestamptz not null,
        primary key (mart, part)
    );
    comment on table cartlake.mart_part is
        'Which run computed the rows of a published table: one row per date of a table by date, or one for all of it.';
    comment on column cartlake.mart_part.part is 'The date as text, or all.';
    comment on column cartlake.mart_part.run_id is 'The build: cartlake executions RUN.';
    comment on column cartlake.mart_part.as_of is
        'When that run published: it had read the files of object_version that were there then.';
    create table cartlake.mart_input (
        mart text not null,
        dataset text not null,
        days_before integer,
        days_after integer,
        primary key (mart, dataset)
    );
    comment on table cartlake.mart_input is
        'How far rows of a date reach into each dataset, through the tables in between; null is without end.';
    create view cartlake.mart_lineage as
        select p.mart, p.part, p.run_id, p.version_id, o.dataset, o.object_id, o.uri, o.version, o.reading,
                o.landed_at, o.rows_accepted
            from cartlake.mart_part p
            join cartlake.mart_input i on i.mart = p.mart
            join cartlake.object_version o on o.dataset = i.dataset
                and o.since <= p.as_of and (o.until is null or o.until > p.as_of)
                and (p.on_date is null or cardinality(o.dates) = 0 or exists (
                    select from unnest(o.dates) as d(day)
                        where (i.days_before is null or d.day >= p.on_date - i.days_before)
                        and (i.days_after is null or d.day <= p.on_date + i.days_after)));
    comment on view cartlake.mart_lineage is
        'Where rows of a published table come from: the run that computed them and the files they may depend on. Rows of a table by date are in the part of their date, others in the part all.'`;

/** Writes where the rows of a run's tables come from; creates tables and view where they are missing. */
export async function writeLineage(client: pg.Client, run: PublishRun, marts: readonly PublishMart[]): Promise<void> {
    const known = marts.flatMap((mart) => (mart.lineage ? [{ ...mart, lineage: mart.lineage }] : []));
    if (known.length === 0) return;
    const { rows } = await client.query(`select to_regclass('cartlake.mart_lineage') is not null as there`);
    if (!rows[0].there) await client.query(CREATE);
    await writeObjects(client, run.runId, run.datasets ?? []);
    await writeParts(client, known);
    await writeInputs(client, known);
}

type Known = PublishMart & { readonly lineage: MartLineage };

/** A part whose run is another was computed again, or is an older one that a person went back to. */
async function writeParts(client: pg.Client, marts: readonly Known[]): Promise<void> {
    const { rows } = await client.query('select mart, part, run_id from cartlake.mart_part where mart = any ($1)', [
        marts.map(({ table }) => table),
    ]);
    const left = new Map<string, string>(rows.map((row) => [`${row.part} ${row.mart}`, row.run_id]));
    const changed = marts.flatMap(({ table: mart, versionId: version, lineage }) =>
        lineage.parts.flatMap(({ part, run }) => {
            const known = left.get(`${part} ${mart}`);
            left.delete(`${part} ${mart}`);
            return known === run ? [] : [{ mart, version, part, run }];
        }),
    );
    if (left.size > 0) {
        await client.query(`delete from cartlake.mart_part where part || ' ' || mart = any ($1) and mart = any ($2)`, [
            [...left.keys()],
            marts.map(({ table }) => table),
        ]);
    }
    if (changed.length === 0) return;
    await client.query(
        `with given as (
            select * from jsonb_to_recordset($1) as g(mart text, part text, run text, version text)
        ), published as (
            select run_id, min(published_at) as as_of from cartlake.publish_log
                where run_id in (select run from given) group by run_id
        )
        insert into cartlake.mart_part (mart, part, on_date, run_id, version_id, as_of)
            select mart, part, case when part <> 'all' then part::date end, run, version, coalesce(as_of, now())
                from given left join published on run_id = run
            on conflict (mart, part) do update set (run_id, version_id, as_of) =
                (excluded.run_id, excluded.version_id, excluded.as_of)`,
        [JSON.stringify(changed)],
    );
}

async function writeInputs(client: pg.Client, marts: readonly Known[]): Promise<void> {
    const reads = marts.flatMap(({ table: mart, lineage }) => lineage.reads.map((read) => ({ mart, ...read })));
    await client.query(
        `with given as (
            select * from jsonb_to_recordset($2)
                as g(mart text, dataset text, "daysBefore" integer, "daysAfter" integer)
        ), gone as (
            delete from cartlake.mart_input where mart = any ($1)
                and (mart, dataset) not in (select mart, dataset from given)
        )
        insert into cartlake.mart_input as known (mart, dataset, days_before, days_after)
            select mart, dataset, "daysBefore", "daysAfter" from given
            on conflict (mart, dataset) do update set (days_before, days_after) =
                (excluded.days_before, excluded.days_after)
            where (known.days_before, known.days_after) is distinct from (excluded.days_before, excluded.days_after)`,
        [marts.map(({ table }) => table), JSON.stringify(reads)],
    );
}
