import type { StageRequest } from '#core/ingest/ports.ts';
import { firstText } from './row-sql.ts';
import { identifier, literal, literals } from './text.ts';

/**
 * How a CSV file is read. DuckDB reads several places of a file at once by guessing where records start, whatever the
 * number of threads, and guesses wrong without a word where quoted fields hold line breaks; `in_order` does not guess.
 */
export type Reading = 'in_parallel' | 'in_order';

/**
 * A landed file as a relation of texts, in file order. Columns: `n` (number of the record, from 1; only where `numbered`),
 * `broken` (why a record cannot be read as a row, or null), and what `text` refers to.
 */
export interface StageSource {
    /** `rejects` names the temporary table that receives records which cannot be cut into fields (CSV only). */
    relation(rejects: string, reading: Reading): string;
    /** False: a record's place in the relation is its number. */
    readonly numbered: boolean;
    /** Records in the file that could be cut into fields, for an independent count; a CSV file is read in order. */
    count(rejects: string): string;
    /**
     * Of a CSV file, whatever its quotes say: `lines` that are not empty, heading included, and how many of them are
     * `unbalanced`: have an odd number of quotes, as the lines have where a record that spans several begins and ends.
     */
    readonly lines: string | undefined;
    /** The text of a contract column, or null. */
    text(column: string): string;
    /** The whole row as JSON text, for quarantine. */
    readonly raw: string;
    /** Columns the contract does not name, as JSON text, or null. */
    readonly extra: string;
}

export function stageSource(request: StageRequest): StageSource {
    switch (request.format.kind) {
        case 'csv':
            return csvSource(request, request.format.delimiter, request.format.columns);
        case 'parquet':
            return parquetSource(request, request.format.columns);
        case 'ndjson':
            return jsonSource(request, (rejects) => ndjsonLines(request.path, rejects));
        case 'json_array':
            return jsonSource(request, () => jsonArrayItems(request.path));
    }
}

function csvSource(request: StageRequest, delimiter: string, headings: readonly string[]): StageSource {
    const columns = headings.map((_, index) => `c${index}: 'VARCHAR'`).join(', ');
    const scan = (rejects: string, reading: Reading) =>
        `read_csv(${literal(request.path)}, header = true, auto_detect = false, delim = ${literal(delimiter)}, quote = '"', ` +
        `escape = '"', columns = {${columns}}, store_rejects = true, rejects_limit = 0, ` +
        `rejects_table = '${rejects}', rejects_scan = '${rejects}_scan', parallel = ${reading === 'in_parallel'})`;
    const fields = headings.map((heading, index) => [heading, `c${index}`] as const);
    return {
        relation: (rejects, reading) => `(select *, null as broken from ${scan(rejects, reading)})`,
        count: (rejects) => `select count(*) as n from ${scan(rejects, 'in_order')}`,
        lines:
            // A filter would count the quotes of every line; a case counts them where there are any.
            `select count(j) as lines, sum(case when contains(j, '"') then (strlen(j) - strlen(replace(j, '"', ''))) % 2 end) ` +
            `as unbalanced from ${lineScan(request.path, 'lines')}`,
        numbered: false,
        ...fieldTexts(request, fields),
    };
}

function parquetSource(request: StageRequest, headings: readonly string[]): StageSource {
    const scan = `read_parquet(${literal(request.path)})`;
    const texts = headings.map((heading, index) => `${parquetText(identifier(heading))} as c${index}`);
    const fields = headings.map((heading, index) => [heading, `c${index}`] as const);
    return {
        relation: () => `(select ${texts.join(', ')}, null as broken from ${scan})`,
        count: () => `select count(*) as n from ${scan}`,
        lines: undefined,
        numbered: false,
        ...fieldTexts(request, fields),
    };
}

/** A whole number kept as double (a dataframe's habit for columns with gaps) is a whole number. */
function parquetText(column: string): string {
    return (
        `case when typeof(${column}) in ('DOUBLE', 'FLOAT') and try_cast(${column} as double) = trunc(try_cast(${column} as double)) ` +
        `and abs(try_cast(${column} as double)) < 9e15 then cast(try_cast(${column} as bigint) as varchar) else cast(${column} as varchar) end`
    );
}

function fieldTexts(
    request: StageRequest,
    fields: readonly (readonly [heading: string, field: string])[],
): Pick<StageSource, 'text' | 'raw' | 'extra'> {
    const fieldOf = new Map(fields);
    const object = (pairs: readonly (readonly [string, string])[]) =>
        `cast(json_object(${pairs.map(([heading, field]) => `${literal(heading)}, ${field}`).join(', ')}) as varchar)`;
    const extra = fields.filter(([heading]) => request.extra.includes(heading));
    return {
        text(column) {
            return firstText((request.mapping[column] ?? []).flatMap((heading) => fieldOf.get(heading) ?? []));
        },
        raw: object(fields),
        extra: extra.length ? object(extra) : 'cast(null as varchar)',
    };
}

/** One JSON text a line. */
function ndjsonLines(path: string, rejects: string): string {
    return `(select j, row_number() over () as n from ${lineScan(path, rejects)})`;
}

/** The lines of a file as texts `j`. The delimiter is a control character that valid JSON never holds unescaped. */
function lineScan(path: string, rejects: string): string {
    return (
        `read_csv(${literal(path)}, header = false, auto_detect = false, delim = '\x01', ` +
        `quote = '', escape = '', columns = {j: 'VARCHAR'}, store_rejects = true, rejects_limit = 0, ` +
        `rejects_table = '${rejects}', rejects_scan = '${rejects}_scan')`
    );
}

function jsonArrayItems(path: string): string {
    return `(select cast(json as varchar) as j, row_number() over () as n from read_json_objects(${literal(path)}, format = 'array'))`;
}

function jsonSource(request: StageRequest, items: (rejects: string) => string): StageSource {
    const columns = Object.keys(request.mapping);
    const headings = columns.flatMap((column) => request.mapping[column] ?? []);
    const paths = literals(headings.map((heading) => `$.${JSON.stringify(heading)}`));
    const known = literal(JSON.stringify(Object.fromEntries(headings.map((heading) => [heading, null]))));
    const strict =
        request.contract.schemaPolicy === 'strict'
            ? ` when cast(json_merge_patch(j, ${known}) as varchar) <> '{}' then 'unknown_column'`
            : '';
    const broken = `case when not json_valid(j) then 'invalid_json' when json_type(j) <> 'OBJECT' then 'not_an_object'${strict} end`;
    const readable = (rejects: string) =>
        `(select j, n, ${broken} as broken from ${items(rejects)} where j is not null and trim(j) <> '')`;
    return {
        relation: (rejects) =>
            `(select j, n, broken, json_extract_string(case when broken is null then j end, ${paths}) as v from ${readable(rejects)})`,
        count: (rejects) => `select count(*) as n from ${readable(rejects)}`,
        lines: undefined,
        numbered: true,
        text(column) {
            return firstText((request.mapping[column] ?? []).map((heading) => `v[${headings.indexOf(heading) + 1}]`));
        },
        raw: 'j',
        extra:
            strict === ''
                ? `case when broken is null then nullif(cast(json_merge_patch(j, ${known}) as varchar), '{}') end`
                : 'cast(null as varchar)',
    };
}
