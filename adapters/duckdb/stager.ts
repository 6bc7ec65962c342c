import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ContractError, coerceError, PipelineError, TransientError } from '#core/errors.ts';
import type { StageRequest, StageResult, Stager } from '#core/ingest/ports.ts';
import { brokenRecords, withGuardedEnd } from './csv-end.ts';
import type { Database, Session } from './database.ts';
import { acceptedSql, type JudgedFile, judgedSql, placedRows, rejectedSql } from './judged.ts';
import { withEqualNewlines } from './newlines.ts';
import { partStaging } from './part-staging.ts';
import { shiftsSql } from './record-numbers.ts';
import { redriving } from './redrive.ts';
import { type Reading, type StageSource, stageSource } from './stage-source.ts';
import { dateSpread, number, reasonCounts } from './staged-counts.ts';
import { literal } from './text.ts';

/** Bytes that are enough to stream a CSV file of any size: with more, DuckDB is no faster and holds more of the file. */
const STREAMING_MEMORY = 384 * 1024 * 1024;

/** Bytes of a file that keeps one thread busy, and not for long. */
const SMALL_BYTES = 1e6;

/** Types rows and splits good from bad with DuckDB, without holding the file in memory. */
export function createStager(database: Database): Stager {
    const stager: Omit<Stager, 'redrive'> = {
        ...partStaging(database),
        parquetColumns: (path) =>
            database.session(async (session) => {
                const rows = await session
                    .rows(`select column_name from (describe select * from read_parquet(${literal(path)}))`)
                    .catch(unreadable);
                return rows.map((row) => String(row.column_name));
            }),
        async stage(request) {
            const { size } = await stat(request.path);
            const stageOnce = (wanted: StageRequest, memory?: number) => {
                const work = (session: Session) => stageIn(session, wanted).catch(unreadable);
                return size <= SMALL_BYTES ? database.beside(work) : database.session(work, memory);
            };
            if (request.format.kind !== 'csv') return stageOnce(request);
            try {
                return await stageOnce(request, STREAMING_MEMORY);
            } catch (error) {
                // Very wide rows: each column of each thread has its buffer.
                if (error instanceof TransientError && /more memory/.test(error.message)) return stageOnce(request);
                if (!/invalid state/.test(coerceError(error).message)) throw error;
                // DuckDB refuses a file whose lines end in different ways.
                return stageOnce({ ...request, path: await withEqualNewlines(request.path, request.folder) });
            }
        },
    };
    return { ...stager, ...redriving(database, stager.stage) };
}

async function stageIn(session: Session, request: StageRequest): Promise<StageResult> {
    const acceptedPath = join(request.folder, 'accepted.parquet');
    const rejectedPath = join(request.folder, 'rejected.parquet');

    const { judged, read } = (await judgeLines(session, request)) ?? (await judgeRecords(session, request));
    if (judged.broken > 0) {
        const last = await number(session, `select coalesce(max(n), 0) from ${placedRows(judged)} as placed`);
        await session.run(shiftsSql(judged, last));
    }
    const accepted = await number(session, acceptedSql(request, judged, acceptedPath));
    let rejected = 0;
    let reasons: Record<string, number> = {};
    if (accepted < read) {
        rejected = await number(session, rejectedSql(request, judged, rejectedPath));
        reasons = await reasonCounts(session, rejectedPath);
    }
    if (read !== accepted + rejected) {
        throw new PipelineError(
            `Rows of ${request.lineage.sourceUri} do not add up: read ${read}, accepted ${accepted}, rejected ${rejected}. ` +
                'Nothing was registered; please report this file.',
        );
    }
    return {
        read,
        accepted,
        rejected,
        reasons,
        ...(await dateSpread(session, request, accepted, acceptedPath)),
        acceptedPath: accepted > 0 ? acceptedPath : undefined,
        rejectedPath: rejected > 0 ? rejectedPath : undefined,
    };
}

/** Judged rows, and how many records the file has by a count of its own. */
interface CountedFile {
    readonly judged: JudgedFile;
    readonly read: number;
}

/**
 * Reads a CSV file in parallel, which is safe where every line is a record of its own: where no line has an odd number
 * of quotes. Returns undefined for other files, and where the records are not the lines.
 */
async function judgeLines(session: Session, request: StageRequest): Promise<CountedFile | undefined> {
    const source = stageSource(request);
    if (source.lines === undefined) return undefined;
    const [found] = await session.rows(source.lines);
    if (Number(found?.unbalanced) > 0) return undefined;
    const heading = 1;
    const read = Number(found?.lines) - heading;
    const { judged, rows } = await judge(session, request, source, 'in_parallel');
    return rows + judged.broken === read ? { judged, read } : undefined;
}

/** Counts the records of a file in order and reads it in order. */
async function judgeRecords(session: Session, request: StageRequest): Promise<CountedFile> {
    const isCsv = request.format.kind === 'csv';
    const path = isCsv ? await withGuardedEnd(request.path, request.folder) : request.path;
    const source = stageSource({ ...request, path });
    const read = (await number(session, source.count('counted'))) + (await brokenCount(session, 'counted'));
    const { judged } = await judge(session, request, source, 'in_order');
    return { judged, read };
}

/** Types and judges all rows in one pass. */
async function judge(
    session: Session,
    request: StageRequest,
    source: StageSource,
    reading: Reading,
): Promise<{ judged: JudgedFile; rows: number }> {
    const path = join(request.folder, 'judged.parquet');
    const rejects = `broken_${reading}`;
    const rows = await number(session, judgedSql(request, source, rejects, reading, path));
    const broken = await brokenCount(session, rejects);
    const heading = request.format.kind === 'csv' ? 1 : 0;
    return { judged: { path, numbered: source.numbered, heading, rejects, broken }, rows };
}

async function brokenCount(session: Session, rejects: string): Promise<number> {
    const known = await number(session, `select count(*) from duckdb_tables() where table_name = ${literal(rejects)}`);
    return known === 0 ? 0 : number(session, `select count(distinct line) from ${brokenRecords(rejects)}`);
}

/** What DuckDB says about a file it cannot read becomes a reason to reject the file. */
function unreadable(thrown: unknown): never {
    const error = coerceError(thrown);
    if (error instanceof TransientError || /do not add up/.test(error.message)) throw error;
    throw new ContractError(`The file cannot be read: ${error.message.split('\n').slice(0, 2).join(' ')}`, {
        cause: error,
    });
}
