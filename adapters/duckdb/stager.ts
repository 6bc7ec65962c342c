import { join } from 'node:path';
import { ContractError, coerceError, PipelineError, TransientError } from '#core/errors.ts';
import type { StageRequest, StageResult, Stager } from '#core/ingest/ports.ts';
import type { Reason } from '#core/ingest/reasons.ts';
import { type ColumnSql, columnSql } from './column-sql.ts';
import type { Database, Session } from './database.ts';
import { type StageSource, stageSource } from './stage-source.ts';
import { identifier, literal } from './text.ts';

/** DuckDB's words for records it cannot cut into fields. */
const STRUCTURAL: Readonly<Record<string, Reason>> = {
    'MISSING COLUMNS': 'too_few_fields',
    'TOO MANY COLUMNS': 'too_many_fields',
    'UNQUOTED VALUE': 'broken_quotes',
    'LINE SIZE OVER MAXIMUM': 'line_too_long',
    'INVALID ENCODING': 'not_utf8',
};

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
        stage: (request) => database.session((session) => stageIn(session, request).catch(unreadable)),
    };
}

async function stageIn(session: Session, request: StageRequest): Promise<StageResult> {
    const source = stageSource(request);
    const columns = request.contract.columns.map((column) => ({
        name: column.name,
        sql: columnSql(column, source.text(column.name)),
    }));
    const acceptedPath = join(request.folder, 'accepted.parquet');
    const rejectedPath = join(request.folder, 'rejected.parquet');

    const counted = await number(session, source.count('counted'));
    const read = counted + (await structuralCount(session, 'counted'));

    let rejects = 'structural';
    let accepted = await number(session, acceptedSql(request, source, columns, rejects, acceptedPath, 'n'));
    let structural = await structuralCount(session, rejects);
    if (structural > 0) {
        // Now that the broken records are known, number the good ones so that the numbers count both.
        await session.run(shiftsSql(rejects));
        rejects = 'structural_again';
        accepted = await number(session, acceptedSql(request, source, columns, rejects, acceptedPath, SHIFTED));
        structural = await structuralCount(session, rejects);
    }

    let rejected = 0;
    let reasons: Record<string, number> = {};
    if (accepted < read) {
        rejected = await number(session, rejectedSql(request, source, columns, rejects, structural, rejectedPath));
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

/** Record number when broken records stand between the good ones. */
const SHIFTED = 'n + coalesce((select max(shift) from shifts where shifts.before < n), 0)';

type NamedColumn = { readonly name: string; readonly sql: ColumnSql };

function acceptedSql(
    request: StageRequest,
    source: StageSource,
    columns: readonly NamedColumn[],
    rejects: string,
    path: string,
    rowNumber: string,
): string {
    const names = [...columns.map(({ name }) => identifier(name)), '_extra'];
    const values = columns.map(({ name, sql }) => `${sql.value} as ${identifier(name)}`);
    const accepts = columns.map(({ sql }) => sql.accepts).filter((condition) => condition !== 'true');
    const judged = `${[...values, `${source.extra} as _extra`].join(', ')}, ${['broken is null', ...accepts].join(' and ')} as ok`;
    return (
        `copy (select ${[...names, ...lineageSql(request, rowNumber)].join(', ')} ` +
        `from ${numbered(source, judged, rejects)} where ok) to ${literal(path)} (format parquet)`
    );
}

/**
 * A projection of the source with its record numbers. The numbering stands above the projection: the optimizer
 * cannot push a filter below it, so each expression is computed once.
 */
function numbered(source: StageSource, projection: string, rejects: string): string {
    const relation = source.relation(rejects);
    return source.numbered
        ? `(select n, ${projection} from ${relation})`
        : `(select *, row_number() over () as n from (select ${projection} from ${relation}))`;
}

function rejectedSql(
    request: StageRequest,
    source: StageSource,
    columns: readonly NamedColumn[],
    rejects: string,
    structural: number,
    path: string,
): string {
    const list = columns.map(
        ({ name, sql }) => `case when ${sql.reason} is not null then ${literal(`${name}: `)} || ${sql.reason} end`,
    );
    const judged =
        `${source.raw} as raw, case when broken is not null then ['row: ' || broken] ` +
        `else list_filter([${list.join(', ')}], lambda reason: reason is not null) end as reasons`;
    const byValue =
        `select ${lineageSql(request, structural > 0 ? SHIFTED : 'n').join(', ')}, reasons, raw ` +
        `from ${numbered(source, judged, 'value_pass')} where len(reasons) > 0`;
    const byStructure =
        `select ${lineageSql(request, 'line - 1').join(', ')}, ['row: ' || reason] as reasons, raw from (` +
        `select line, min(${structuralReason()}) as reason, any_value(csv_line) as raw from ${rejects} group by line)`;
    const all = structural > 0 ? `${byValue} union all ${byStructure}` : byValue;
    return `copy (select * from (${all}) order by _source_row) to ${literal(path)} (format parquet)`;
}

function structuralReason(): string {
    const whens = Object.entries(STRUCTURAL).map(([type, reason]) => `when '${type}' then '${reason}'`);
    return `case cast(error_type as varchar) ${whens.join(' ')} else 'unreadable_line' end`;
}

/** (before, shift): after `before` good records, `shift` broken ones have gone by. */
function shiftsSql(rejects: string): string {
    return (
        'create or replace temp table shifts as select line - 1 - row_number() over (order by line) as before, ' +
        `row_number() over (order by line) as shift from (select distinct line from ${rejects})`
    );
}

function lineageSql({ lineage, contract }: StageRequest, rowNumber: string): string[] {
    const instant = (iso: string) => `cast(${literal(iso.replace('T', ' ').replace('Z', ''))} as timestamp)`;
    return [
        `${literal(lineage.sourceUri)} as _source_uri`,
        `${literal(lineage.sourceVersion)} as _source_version`,
        `cast(${rowNumber} as bigint) as _source_row`,
        `${instant(lineage.landedAt)} as _landed_at`,
        `${instant(lineage.ingestedAt)} as _ingested_at`,
        `${literal(lineage.runId)} as _run_id`,
        `${literal(contract.version)} as _contract_version`,
    ];
}

/** The single number a statement returns: a count, or the rows a COPY wrote. */
async function number(session: Session, sql: string): Promise<number> {
    const [row] = await session.rows(sql);
    return Number(Object.values(row ?? {})[0] ?? 0);
}

async function structuralCount(session: Session, rejects: string): Promise<number> {
    const known = await number(session, `select count(*) from duckdb_tables() where table_name = ${literal(rejects)}`);
    return known === 0 ? 0 : number(session, `select count(distinct line) from ${rejects}`);
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
