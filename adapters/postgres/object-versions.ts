import type pg from 'pg';
import type { DatasetMonth, ObjectReading } from '#core/publish/lineage.ts';

export const CREATE_OBJECTS = `
    create table cartlake.dataset_version (
        dataset text not null,
        month text not null,
        version_id text not null,
        run_id text not null,
        published_at timestamptz not null default now(),
        primary key (dataset, month)
    );
    comment on table cartlake.dataset_version is
        'What of each dataset the newest published tables were computed from, by month of the first date in a file.';
    create table cartlake.object_version (
        object_id text not null,
        reading text not null,
        dataset text not null,
        month text not null,
        uri text not null,
        version text,
        landed_at timestamptz not null,
        rows_accepted bigint not null,
        dates date[] not null,
        since timestamptz not null default now(),
        until timestamptz,
        primary key (object_id, reading)
    );
    create index object_version_month on cartlake.object_version (dataset, month);
    create index object_version_uri on cartlake.object_version (uri);
    comment on table cartlake.object_version is
        'The landed files that published tables were computed from, one row per version of a file and reading of it.';
    comment on column cartlake.object_version.reading is
        'Beginning of the contract''s fingerprint, and how many corrections of rejected rows are in it.';
    comment on column cartlake.object_version.uri is
        'Key of the file. Rows of an archive name the file inside it as well: split_part(_source_uri, ''!/'', 1).';
    comment on column cartlake.object_version.dates is 'Dates of its accepted rows; empty: its dataset has none.';
    comment on column cartlake.object_version.since is 'From this publication on, tables were computed from it (-infinity: from the first) ...';
    comment on column cartlake.object_version.until is '... up to, not including, this one; null: they still are.'`;

type Month = Pick<DatasetMonth, 'dataset' | 'month'>;

const keyOf = ({ dataset, month }: Month) => `${dataset} ${month}`;

/**
 * Brings the lists of datasets' files to what a run read. Only months in which files came or went are looked at, and
 * only these files are written.
 */
export async function writeObjects(client: pg.Client, runId: string, read: readonly DatasetMonth[]): Promise<void> {
    const { rows } = await client.query(
        'select dataset, month, version_id from cartlake.dataset_version where dataset = any ($1)',
        [[...new Set(read.map(({ dataset }) => dataset))]],
    );
    const known = new Map<string, string>(rows.map((row) => [keyOf(row), row.version_id]));
    const given = new Set(read.map(keyOf));
    const gone = rows.filter((row) => !given.has(keyOf(row))).map(({ dataset, month }) => ({ dataset, month }));
    const changed = read.filter((each) => known.get(keyOf(each)) !== each.version);
    const seen = new Set<string>(rows.map((row) => row.dataset));
    for (const objects of together(changed)) await writeMonths(client, objects, seen);
    if (gone.length > 0) await endMonths(client, gone);
    await noteVersions(client, runId, changed, gone);
}

async function noteVersions(
    client: pg.Client,
    runId: string,
    changed: readonly DatasetMonth[],
    gone: readonly Month[],
): Promise<void> {
    if (changed.length > 0) {
        await client.query(
            `insert into cartlake.dataset_version (dataset, month, version_id, run_id)
                select dataset, month, version, $1
                    from jsonb_to_recordset($2) as d(dataset text, month text, version text)
                on conflict (dataset, month) do update set (version_id, run_id, published_at) =
                    (excluded.version_id, excluded.run_id, now())`,
            [runId, JSON.stringify(changed.map(({ dataset, month, version }) => ({ dataset, month, version })))],
        );
    }
    if (gone.length > 0) {
        await client.query(
            `delete from cartlake.dataset_version where (dataset, month) in
                (select dataset, month from jsonb_to_recordset($1) as d(dataset text, month text))`,
            [JSON.stringify(gone)],
        );
    }
}

/** Rows of one insert: parameters stay small. */
const AT_ONCE = 5_000;

interface MonthRead {
    readonly at: Month;
    readonly objects: readonly ObjectReading[];
}

/** As many months as have no more files than one insert takes, and at least one. */
function* together(months: readonly DatasetMonth[]): Generator<readonly MonthRead[]> {
    let group: MonthRead[] = [];
    let size = 0;
    for (const month of months) {
        const objects = month.objects();
        if (group.length > 0 && size + objects.length > AT_ONCE) {
            yield group;
            group = [];
            size = 0;
        }
        group.push({ at: month, objects });
        size += objects.length;
    }
    if (group.length > 0) yield group;
}

const OF_MONTHS = `until is null and (dataset, month) in (select * from unnest($1::text[], $2::text[]))`;

const datasetsAndMonths = (months: readonly Month[]) => [
    months.map(({ dataset }) => dataset),
    months.map(({ month }) => month),
];

/** Files of a dataset that was never seen count from ever: tables may have been published before files were noted. */
async function writeMonths(client: pg.Client, months: readonly MonthRead[], seen: ReadonlySet<string>): Promise<void> {
    const { rows } = await client.query(
        `select object_id as id, reading from cartlake.object_version where ${OF_MONTHS}`,
        datasetsAndMonths(months.map(({ at }) => at)),
    );
    const left = new Map(rows.map((row) => [`${row.id} ${row.reading}`, row]));
    const fresh = months.flatMap(({ at: { dataset, month }, objects }) => {
        const since = seen.has(dataset) ? null : '-infinity';
        return objects
            .filter(({ id, reading }) => !left.delete(`${id} ${reading}`))
            .map((object) => ({ dataset, month, since, ...object }));
    });
    if (left.size > 0) {
        await client.query(
            `update cartlake.object_version set until = now() where (object_id, reading) in
                (select id, reading from jsonb_to_recordset($1) as o(id text, reading text))`,
            [JSON.stringify([...left.values()])],
        );
    }
    for (let first = 0; first < fresh.length; first += AT_ONCE) {
        await enter(client, fresh.slice(first, first + AT_ONCE));
    }
}

async function endMonths(client: pg.Client, months: readonly Month[]): Promise<void> {
    await client.query(
        `update cartlake.object_version set until = now() where ${OF_MONTHS}`,
        datasetsAndMonths(months),
    );
}

/** One that comes again, as when a contract is taken back, counts from now on. */
async function enter(client: pg.Client, objects: readonly (Month & ObjectReading)[]): Promise<void> {
    await client.query(
        `insert into cartlake.object_version
                (object_id, reading, dataset, month, uri, version, landed_at, rows_accepted, dates, since)
            select id, reading, dataset, month, uri, version, "landedAt", rows, dates, coalesce(since, now())
                from jsonb_to_recordset($1) as o(id text, reading text, dataset text, month text, uri text,
                    version text, "landedAt" timestamptz, rows bigint, dates date[], since timestamptz)
            on conflict (object_id, reading) do update set (since, until) = (now(), null)`,
        [JSON.stringify(objects)],
    );
}
