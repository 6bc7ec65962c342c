import type { StagePart, StagePartsRequest } from '#core/ingest/ports.ts';
import { columnSql } from './column-sql.ts';
import { firstText, okSql, placeTypes, reasonsSql, runLineageSql } from './row-sql.ts';
import { identifier, literal } from './text.ts';

export type PartFormat = StagePartsRequest['format']['kind'];

/** A part with how many lines stand before its first one in the relation of all parts. */
export interface PlacedPart extends StagePart {
    readonly before: number;
}

/** Parts one after the other, each with the lines of those before it. */
export function inARow<Part extends object>(
    parts: readonly Part[],
    linesOf: (part: Part) => number,
): (Part & Pick<PlacedPart, 'before'>)[] {
    let before = 0;
    return parts.map((part) => {
        const placed = { ...part, before };
        before += linesOf(part);
        return placed;
    });
}

/**
 * The items of JSON files in file order, as texts `j` (null for a blank line), with `file_index`. Lines are read with a
 * control character as delimiter that valid JSON never holds unescaped; `rejects` names the temporary table of lines that
 * DuckDB cannot read, a new one for each statement.
 */
export function itemsOf(kind: PartFormat, paths: readonly string[], rejects: string): string {
    const files = `[${paths.map(literal).join(', ')}]`;
    if (kind === 'json_array') {
        return `(select json as j, file_index from read_json_objects(${files}, format = 'array'))`;
    }
    return (
        `(select j, file_index from read_csv(${files}, header = false, auto_detect = false, delim = '\\x01', quote = '', ` +
        `escape = '', columns = {j: 'VARCHAR'}, store_rejects = true, rejects_limit = 0, ` +
        `rejects_table = '${rejects}', rejects_scan = '${rejects}_scan'))`
    );
}

/** The accepted rows of parts: the contract's columns, `_extra` and lineage. */
export function acceptedRows(request: StagePartsRequest, parts: readonly PlacedPart[]): string {
    const values = request.contract.columns.map(({ name }, index) => `v${index} as ${identifier(name)}`);
    const columns = [...values, 'unknown as _extra', ...lineageSql(request)];
    return `${typedRows(request, parts, 'accepted')} select ${columns.join(', ')} from placed where ok`;
}

/** The rejected rows of parts: lineage, `reasons` and `raw`. */
export function rejectedRows(request: StagePartsRequest, parts: readonly PlacedPart[]): string {
    const columns = [
        ...lineageSql(request),
        `${reasonsSql(judgedColumns(request))} as reasons`,
        'cast(j as varchar) as raw',
    ];
    return `${typedRows(request, parts, 'rejected')} select ${columns.join(', ')} from placed where not ok`;
}

/**
 * CTEs up to `placed`: the rows of parts with typed values `v0`, `v1` ... in the order of the contract, `broken`,
 * `unknown` and `ok`. Items are numbered in file order; less those before its part, that is an item's number in the
 * part. The numbering stands between looking keys up and judging them because DuckDB computes nothing across it: without
 * it, each mention of a text in the judging would take the object apart again.
 */
function typedRows(request: StagePartsRequest, parts: readonly PlacedPart[], rejects: string): string {
    const { contract, format } = request;
    const headings = headingsOf(request);
    const paths = parts.map(({ path }) => path);
    const texts = request.contract.columns.map(
        ({ name }, index) => `${textOf(request.mapping[name] ?? [], headings)} as t${index}`,
    );
    const columns = judgedColumns(request);
    const values = columns.map(({ value }, index) => `${value} as v${index}`);
    const places = parts.map(
        ({ sourceUri, sourceVersion, before }, index) =>
            `(${index}, ${literal(sourceUri)}, ${literal(sourceVersion)}, ${before})`,
    );
    const filled = format.kind === 'ndjson' ? "where j is not null and trim(j) <> ''" : '';
    const strict = "coalesce(not_read, case when unknown is not null then 'unknown_column' end)";
    return `with
        items as (select j, file_index, ${notReadSql(format.kind)} as not_read from ${itemsOf(format.kind, paths, rejects)}),
        fields as (
            select *, json_transform(case when not_read is null then j end, ${literal(JSON.stringify(headings.spec))}) as f
            from items
        ),
        known as (
            select j, file_index, not_read, ${unknownSql(request, headings)} as unknown, ${texts.join(', ')} from fields
        ),
        numbered as (select *, row_number() over () as n from known),
        typed as (
            select *, ${contract.schemaPolicy === 'strict' ? strict : 'not_read'} as broken, ${values.join(', ')}
            from numbered
        ),
        placed as (
            select typed.*, ${okSql('broken is null', columns)} as ok,
                places.uri, places.version, n - places.earlier as row_in_part
            from typed
            join (
                select * replace (${placeTypes(parts).join(', ')})
                from (values ${places.join(', ')}) as places(part, uri, version, earlier)
            ) as places on file_index = part
            ${filled}
        )`;
}

function judgedColumns({ contract }: StagePartsRequest) {
    return contract.columns.map((column, index) => ({
        name: column.name,
        ...columnSql(column, `t${index}`, `v${index}`),
    }));
}

function lineageSql(request: StagePartsRequest): string[] {
    return [
        'uri as _source_uri',
        'version as _source_version',
        'cast(row_in_part as bigint) as _source_row',
        ...runLineageSql(request),
    ];
}

/** Keys that are looked up, and how: in one go, or one by one where their names differ in case alone. */
interface Headings {
    readonly spec: Readonly<Record<string, 'VARCHAR'>>;
    readonly single: ReadonlySet<string>;
}

function headingsOf({ mapping }: StagePartsRequest): Headings {
    const spec: Record<string, 'VARCHAR'> = {};
    const single = new Set<string>();
    const taken = new Set<string>();
    for (const heading of new Set(Object.values(mapping).flat())) {
        const folded = heading.toLowerCase();
        // DuckDB's structs do not tell `Sku` from `sku`.
        if (taken.has(folded)) single.add(heading);
        else spec[heading] = 'VARCHAR';
        taken.add(folded);
    }
    return { spec, single };
}

function textOf(found: readonly string[], { single }: Headings): string {
    const texts = found.map((heading) =>
        single.has(heading)
            ? `json_extract_string(case when not_read is null then j end, ${literal(`$.${JSON.stringify(heading)}`)})`
            : `f.${identifier(heading)}`,
    );
    return firstText(texts);
}

/** Why an item is no row. Items of an array are valid JSON: DuckDB has parsed them. */
function notReadSql(kind: PartFormat): string {
    const invalid = kind === 'ndjson' ? "when not json_valid(j) then 'invalid_json' " : '';
    return `case ${invalid}when not starts_with(ltrim(cast(j as varchar)), '{') then 'not_an_object' end`;
}

/**
 * Keys the contract does not name, as JSON text, or null. Counting keys is cheap: only where there are more of them than
 * known ones with a value is the object taken apart.
 */
function unknownSql({ mapping }: StagePartsRequest, { spec, single }: Headings): string {
    const known = Object.fromEntries(Object.values(mapping).flatMap((found) => found.map((name) => [name, null])));
    const filled = Object.keys(spec).map((heading) => `cast(f.${identifier(heading)} is not null as integer)`);
    const enough = single.size > 0 || filled.length === 0 ? '-1' : filled.join(' + ');
    return (
        `case when not_read is null and len(json_keys(j)) > ${enough} ` +
        `then nullif(cast(json_merge_patch(j, ${literal(JSON.stringify(known))}) as varchar), '{}') end`
    );
}
