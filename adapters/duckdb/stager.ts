import { join } from 'node:path';
import { ContractError, coerceError, PipelineError, TransientError } from '#core/errors.ts';
import type { StageRequest, StageResult, Stager } from '#core/ingest/ports.ts';
import { brokenRecords, withGuardedEnd } from './csv-end.ts';
import type { Database, Session } from './database.ts';
import { acceptedSql, type JudgedFile, judgedSql, placedRows, rejectedSql } from './judged.ts';
import { withEqualNewlines } from './newlines.ts';
import { shiftsSql } from './record-numbers.ts';
import { type Reading, type StageSource, stageSource } from './stage-source.ts';
import { identifier, literal } from './text.ts';

/** Types rows and splits good from bad with DuckDB, without holding the file in memory. */
export function createStager(database: Database): Stager {
    return {
        parquetColumns: (path) =>
            database.session(async (session) => {
                const rows = await session
                    .rows(`select column_name from (describe select * from read_parquet(${literal(path)}))`)
                    .catch(unreadable);
                return rows.map((row) => String(row.column_name));
            }),
        async stage(request) {
            const stageOnce = (wanted: StageRequest) =>
                database.session((session) => stageIn(session, wanted).catch(unreadable));
            try {
                return await stageOnce(request);
            } catch (error) {
                if (request.format.kind !== 'csv' || !/invalid state/.test(coerceError(error).message)) throw error;
                // DuckDB refuses a file whose lines end in different ways.
                return stageOnce({ ...request, path: await withEqualNewlines(request.path, request.folder) });
            }
        },
    };
}

async function stageIn(session: Session, request: StageRequest): Promise<StageResult> {
    const acceptedPath = join(request.folder, 'accepted.parquet');
    const rejectedPath = join(request.folder, 'rejected.parquet');

    const { source, readings, read } = await countRecords(session, request);
    const judged = await judge(session, request, source, readings, read);
    if (judged.broken > 0) {
        const last = await number(session, `select coalesce(max(n), 0) from ${placedRows(judged)} as placed`);
        await session.run(shiftsSql(judged.rejects, last));
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

/** A file with the number of its records, counted in order, and the ways it may be read. */
interface CountedFile {
    readonly source: StageSource;
    readonly readings: readonly Reading[];
    readonly read: number;
}

/** Counts the records of a file. Reading it in parallel is safe where every record is a line. */
async function countRecords(session: Session, request: StageRequest): Promise<CountedFile> {
    const count = async (source: StageSource, rejects: string) =>
        (await number(session, source.count(rejects))) + (await brokenCount(session, rejects));
    const heading = 1;
    const source = stageSource(request);
    const read = await count(source, 'counted');
    if (source.lines === undefined || (await number(session, source.lines)) === heading + read) {
        return { source, readings: ['in_parallel', 'in_order'], read };
    }
    const guarded = stageSource({ ...request, path: await withGuardedEnd(request.path, request.folder) });
    return { source: guarded, readings: ['in_order'], read: await count(guarded, 'counted_guarded') };
}

/** Types and judges all rows in one pass; the records must be those that were counted. */
async function judge(
    session: Session,
    request: StageRequest,
    source: StageSource,
    readings: readonly Reading[],
    read: number,
): Promise<JudgedFile> {
    const path = join(request.folder, 'judged.parquet');
    let judged: JudgedFile = { path, numbered: source.numbered, rejects: '', broken: 0 };
    for (const reading of readings) {
        const rejects = `broken_${reading}`;
        const rows = await number(session, judgedSql(request, source, rejects, reading, path));
        const broken = await brokenCount(session, rejects);
        judged = { ...judged, rejects, broken };
        // Counting does not look into the fields: bytes that are no text are only found broken now.
        if (rows + broken === read) break;
    }
    return judged;
}

/** The single number a statement returns: a count, or the rows a COPY wrote. */
async function number(session: Session, sql: string): Promise<number> {
    const [row] = await session.rows(sql);
    return Number(Object.values(row ?? {})[0] ?? 0);
}

async function brokenCount(session: Session, rejects: string): Promise<number> {
    const known = await number(session, `select count(*) from duckdb_tables() where table_name = ${literal(rejects)}`);
    return known === 0 ? 0 : number(session, `select count(distinct line) from ${brokenRecords(rejects)}`);
}

async function reasonCounts(session: Session, path: string): Promise<Record<string, number>> {
    const rows = await session.rows(
        `select reason, count(*) as rows from (select unnest(reasons) as reason from read_parquet(${literal(path)})) group by reason order by reason`,
    );
    return Object.fromEntries(rows.map((row) => [String(row.reason), Number(row.rows)]));
}

async function dateSpread(
    session: Session,
    { contract }: StageRequest,
    accepted: number,
    path: string,
): Promise<Pick<StageResult, 'dates' | 'newest'>> {
    if (contract.dateColumn === undefined || accepted === 0) return { dates: {}, newest: undefined };
    const column = identifier(contract.dateColumn);
    const rows = await session.rows(
        `select cast(cast(${column} as date) as varchar) as day, count(*) as rows, ` +
            `strftime(cast(max(${column}) as timestamp), '%Y-%m-%dT%H:%M:%S.%gZ') as newest ` +
            `from read_parquet(${literal(path)}) group by 1 order by 1`,
    );
    return {
        dates: Object.fromEntries(rows.map((row) => [String(row.day), Number(row.rows)])),
        newest: rows.length ? String(rows.at(-1)?.newest) : undefined,
    };
}

/** What DuckDB says about a file it cannot read becomes a reason to reject the file. */
function unreadable(thrown: unknown): never {
    const error = coerceError(thrown);
    if (error instanceof TransientError || /do not add up/.test(error.message)) throw error;
    throw new ContractError(`The file cannot be read: ${error.message.split('\n').slice(0, 2).join(' ')}`, {
        cause: error,
    });
}
