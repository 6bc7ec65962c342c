import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PipelineError } from '#core/errors.ts';
import type { RedriveRequest, RedriveResult, StageResult, Stager } from '#core/ingest/ports.ts';
import type { Database, Session } from './database.ts';
import { dateSpread, number, reasonCounts } from './staged-counts.ts';
import { literal } from './text.ts';

/** Judges corrected rows as a file of their own, then gives each the origin of the row it corrects. */
export function redriving(database: Database, stage: Stager['stage']): Pick<Stager, 'redrive'> {
    return {
        async redrive(request) {
            const origins = join(request.folder, 'origins.parquet');
            const rows = await database.session((session) => chooseRows(session, request, origins));
            const path = join(request.folder, 'corrected.ndjson');
            await writeFile(path, rows.map((index) => JSON.stringify(request.corrections[index]?.fields)).join('\n'));
            const { contract, mapping, extra, folder, ingestedAt, runId } = request;
            const lineage = { sourceUri: '', sourceVersion: '', landedAt: ingestedAt, ingestedAt, runId };
            const staged =
                rows.length === 0
                    ? undefined
                    : await stage({
                          path,
                          format: { kind: 'ndjson', columns: [] },
                          contract,
                          mapping,
                          extra,
                          folder,
                          lineage,
                      });
            return database.session((session) => placeRows(session, request, { origins, staged, chosen: rows.length }));
        },
    };
}

/** Writes the corrected rows that are in quarantine, numbered; returns the places of their corrections in this order. */
async function chooseRows(session: Session, request: RedriveRequest, origins: string): Promise<number[]> {
    const list = join(request.folder, 'corrections.ndjson');
    const lines = request.corrections.map(({ sourceUri, row }, place) =>
        JSON.stringify({ uri: sourceUri, row, place }),
    );
    await writeFile(list, lines.join('\n'));
    await session.run(
        `copy (select row_number() over (order by _source_uri, _source_row) as n, place, _source_uri, _source_version, ` +
            `_source_row, _landed_at from read_parquet(${literal(request.quarantinePath)}) join ` +
            `read_json(${literal(list)}, format = 'newline_delimited', columns = {uri: 'VARCHAR', "row": 'BIGINT', place: 'BIGINT'}) ` +
            `on _source_uri = uri and _source_row = "row") to ${literal(origins)} (format parquet)`,
    );
    const rows = await session.rows(`select place from read_parquet(${literal(origins)}) order by n`);
    return rows.map(({ place }) => Number(place));
}

interface Judged {
    readonly origins: string;
    readonly staged: StageResult | undefined;
    readonly chosen: number;
}

async function placeRows(session: Session, request: RedriveRequest, judged: Judged): Promise<RedriveResult> {
    const { staged, chosen } = judged;
    const acceptedPath = join(request.folder, 'redriven.parquet');
    const rejectedPath = join(request.folder, 'left.parquet');
    const origins = `read_parquet(${literal(judged.origins)})`;
    const quarantine = `read_parquet(${literal(request.quarantinePath)})`;
    const placed = (path: string) =>
        `select r.* replace (o._source_uri as _source_uri, o._source_version as _source_version, ` +
        `o._source_row as _source_row, o._landed_at as _landed_at) ` +
        `from read_parquet(${literal(path)}) as r join ${origins} as o on r._source_row = o.n`;
    const write = (sql: string, path: string) =>
        number(
            session,
            `copy (select * from (${sql}) order by _source_uri, _source_row) to ${literal(path)} (format parquet)`,
        );
    const untouched =
        `select q.* from ${quarantine} as q anti join ${origins} as o ` +
        'on q._source_uri = o._source_uri and q._source_row = o._source_row';
    const still = staged?.rejectedPath;
    const accepted = staged?.acceptedPath === undefined ? 0 : await write(placed(staged.acceptedPath), acceptedPath);
    const rejected = await write(
        still === undefined ? untouched : `${untouched} union all by name ${placed(still)}`,
        rejectedPath,
    );
    const before = await number(session, `select count(*) from ${quarantine}`);
    if ((staged?.read ?? 0) !== chosen || before !== accepted + rejected) {
        throw new PipelineError(
            `Corrected rows do not add up: ${before} were in quarantine, ${chosen} of them corrected, ` +
                `${accepted} accepted, ${rejected} left. Nothing was registered; please report these corrections.`,
        );
    }
    return {
        accepted,
        rejected,
        reasons: rejected > 0 ? await reasonCounts(session, rejectedPath) : {},
        ...(await dateSpread(session, request, accepted, acceptedPath)),
        acceptedPath: accepted > 0 ? acceptedPath : undefined,
        rejectedPath: rejected > 0 ? rejectedPath : undefined,
    };
}
