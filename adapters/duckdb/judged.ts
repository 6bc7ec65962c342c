import type { StageRequest } from '#core/ingest/ports.ts';
import type { Reason } from '#core/ingest/reasons.ts';
import { columnSql } from './column-sql.ts';
import { brokenRecords } from './csv-end.ts';
import { shiftedRows } from './record-numbers.ts';
import { okSql, reasonsSql, runLineageSql } from './row-sql.ts';
import type { Reading, StageSource } from './stage-source.ts';
import { constant, identifier, literal } from './text.ts';

/**
 * The rows of a landed file between reading and splitting, in a Parquet file in the order of the landed one: typed
 * values `v0`, `v1` ... in the order of the contract, `extra`, `ok`, and of bad rows `reasons` and `raw`.
 * It lets the text be read once, by all threads: numbering rows while they are read would take one.
 */
export interface JudgedFile {
    readonly path: string;
    /** True: the rows have their number as `n`; false: it is their place. */
    readonly numbered: boolean;
    /** Lines before the first record: 1 with a heading. */
    readonly heading: 0 | 1;
    /** DuckDB's table of records it could not cut into fields, and how many there are. */
    readonly rejects: string;
    readonly broken: number;
}

/** DuckDB's words for records it cannot cut into fields. */
const STRUCTURAL: Readonly<Record<string, Reason>> = {
    'MISSING COLUMNS': 'too_few_fields',
    'TOO MANY COLUMNS': 'too_many_fields',
    'UNQUOTED VALUE': 'broken_quotes',
    'LINE SIZE OVER MAXIMUM': 'line_too_long',
    'INVALID ENCODING': 'not_utf8',
};

/**
 * Rows in a group of the judged and of the accepted file. Each thread holds a group while it writes: small ones bound
 * the memory, whatever the size of the file. Groups that are read as they are to be written need not be cut again,
 * which halves the time of writing.
 */
const GROUP = 61_440;

/** Different values of a column in a group, up to which the judged file keeps them in a dictionary: long ones cost time. */
const DICTIONARY = 2_000;

/** Writes the judged file; returns the number of rows. */
export function judgedSql(
    { contract }: StageRequest,
    source: StageSource,
    rejects: string,
    reading: Reading,
    path: string,
): string {
    const columns = contract.columns.map((column, index) => ({
        name: column.name,
        ...columnSql(column, source.text(column.name), `v${index}`),
    }));
    const values = columns.map(({ value }, index) => `${value} as v${index}`);
    const kept = [
        ...columns.map((_, index) => `v${index}`),
        'extra',
        ...(source.numbered ? ['n'] : []),
        'ok',
        `case when not ok then ${reasonsSql(columns)} end as reasons`,
        `case when not ok then ${source.raw} end as raw`,
    ];
    return (
        `copy (select ${kept.join(', ')} from (select *, ${okSql('broken is null', columns)} as ok ` +
        `from (select *, ${[...values, `${source.extra} as extra`].join(', ')} from ${source.relation(rejects, reading)}))) ` +
        `to ${literal(path)} (format parquet, row_group_size ${GROUP}, dictionary_size_limit ${DICTIONARY})`
    );
}

/** The judged rows with `n`, their number among the records that could be cut into fields. */
export function placedRows({ path, numbered }: JudgedFile): string {
    return numbered
        ? `(select * from read_parquet(${literal(path)}))`
        : `(select *, file_row_number + 1 as n from read_parquet(${literal(path)}, file_row_number = true))`;
}

/** The judged rows with `record`, their number among all records. With broken records, `shifts` must have been made. */
function recordRows(judged: JudgedFile): string {
    return judged.broken > 0 ? shiftedRows(placedRows(judged)) : `(select *, n as record from ${placedRows(judged)})`;
}

/** Writes the accepted rows; returns their number. */
export function acceptedSql(request: StageRequest, judged: JudgedFile, path: string): string {
    const values = request.contract.columns.map(({ name }, index) => `v${index} as ${identifier(name)}`);
    const columns = [...values, 'extra as _extra', ...lineageSql(request, 'record')];
    return (
        `copy (select ${columns.join(', ')} from ${recordRows(judged)} where ok) ` +
        `to ${literal(path)} (format parquet, row_group_size ${GROUP})`
    );
}

/** Writes the rejected rows and the broken records, each with its reasons and its text; returns their number. */
export function rejectedSql(request: StageRequest, judged: JudgedFile, path: string): string {
    const byValue =
        `select ${lineageSql(request, 'record').join(', ')}, reasons, raw ` + `from ${recordRows(judged)} where not ok`;
    const byStructure =
        `select ${lineageSql(request, `line - ${judged.heading}`).join(', ')}, ['row: ' || reason] as reasons, raw from (` +
        `select line, min(${structuralReason()}) as reason, any_value(csv_line) as raw from ${brokenRecords(judged.rejects)} group by line)`;
    const all = judged.broken > 0 ? `${byValue} union all ${byStructure}` : byValue;
    return `copy (select * from (${all}) order by _source_row) to ${literal(path)} (format parquet)`;
}

function structuralReason(): string {
    const whens = Object.entries(STRUCTURAL).map(([type, reason]) => `when '${type}' then '${reason}'`);
    return `case cast(error_type as varchar) ${whens.join(' ')} else 'unreadable_line' end`;
}

function lineageSql(request: StageRequest, rowNumber: string): string[] {
    return [
        `${constant(request.lineage.sourceUri)} as _source_uri`,
        `${constant(request.lineage.sourceVersion)} as _source_version`,
        `cast(${rowNumber} as bigint) as _source_row`,
        ...runLineageSql(request),
    ];
}
