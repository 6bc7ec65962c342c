import type pg from 'pg';
import type { DatasetObjects, ObjectReading } from '#core/publish/lineage.ts';

export const CREATE_OBJECTS = `
    create table cartlake.dataset_version (
        dataset text primary key,
        version_id text not null,
        run_id text not null,
        published_at timestamptz not null default now()
    );
    comment on table cartlake.dataset_version is
        'What of each dataset the newest published tables were computed from; object_version has its files.';
    create table cartlake.object_version (
        object_id text not null,
        reading text not null,
        dataset text not null,
        uri text not null,
        version text,
        landed_at timestamptz not null,
        rows_accepted bigint not null,
        dates date[] not null,
        since timestamptz not null default now(),
        until timestamptz,
        primary key (object_id, reading)
    );
    create index object_version_dataset on cartlake.object_version (dataset);
    create index object_version_uri on cartlake.object_version (uri);
    comment on table cartlake.object_version is
        'The landed files that published tables were computed from, one row per version of a file and reading of it.';
    comment on column cartlake.object_version.reading is
        'Beginning of the contract''s fingerprint, and how many corrections of rejected rows are in it.';
    comment on column cartlake.object_version.uri is
        'Key of the file. Rows of an archive name the file inside it as well: split_part(_source_uri, ''!/'', 1).';
    comment on column cartlake.object_version.dates is 'Dates of its accepted rows; empty: its dataset has none.';
    comment on column cartlake.object_version.since is 'From this publication on, tables were computed from it ...';
    comment on column cartlake.object_version.until is '... up to, not including, this one; null: they still are.'`;

/** Rows of one insert: parameters stay small. */
const AT_ONCE = 5_000;

/**
 * Brings the lists of datasets' files to what a run read. Only files that came or went are written; where a dataset is
 * what it was, nothing is looked at.
 */
export async function writeObjects(client: pg.Client, runId: string, read: readonly DatasetObjects[]): Promise<void> {
    const { rows } = await client.query(
        `insert into cartlake.dataset_version as known (dataset, version_id, run_id)
            select dataset, version, $1 from jsonb_to_recordset($2) as d(dataset text, version text)
            on conflict (dataset) do update set (version_id, run_id, published_at) =
                (excluded.version_id, excluded.run_id, now())
            where known.version_id <> excluded.version_id
            returning dataset`,
        [runId, JSON.stringify(read.map(({ dataset, version }) => ({ dataset, version })))],
    );
    const changed = new Set(rows.map((row) => row.dataset));
    for (const dataset of read) if (changed.has(dataset.dataset)) await writeDataset(client, dataset);
}

async function writeDataset(client: pg.Client, read: DatasetObjects): Promise<void> {
    const { rows } = await client.query(
        'select object_id, reading from cartlake.object_version where dataset = $1 and until is null',
        [read.dataset],
    );
    const known = new Set(rows.map((row) => `${row.object_id} ${row.reading}`));
    const fresh: ObjectReading[] = [];
    for (const object of read.objects) if (!known.delete(`${object.id} ${object.reading}`)) fresh.push(object);
    await leave(client, [...known]);
    for (let at = 0; at < fresh.length; at += AT_ONCE) await enter(client, read.dataset, fresh.slice(at, at + AT_ONCE));
}

async function leave(client: pg.Client, gone: readonly string[]): Promise<void> {
    if (gone.length === 0) return;
    await client.query(
        `update cartlake.object_version set until = now()
            where until is null and object_id || ' ' || reading = any ($1) and object_id = any ($2)`,
        [gone, gone.map((name) => name.split(' ')[0])],
    );
}

/** One that comes again, as when a contract is taken back, counts from now on. */
async function enter(client: pg.Client, dataset: string, objects: readonly ObjectReading[]): Promise<void> {
    await client.query(
        `insert into cartlake.object_version (object_id, reading, dataset, uri, version, landed_at, rows_accepted, dates)
            select id, reading, $1, uri, version, "landedAt", rows, dates
                from jsonb_to_recordset($2) as o(id text, reading text, uri text, version text,
                    "landedAt" timestamptz, rows bigint, dates date[])
            on conflict (object_id, reading) do update set (since, until) = (now(), null)`,
        [dataset, JSON.stringify(objects)],
    );
}
