import type { ContractColumn } from '#core/contracts/contract.ts';
import type { StagePart, StagePartsRequest } from '#core/ingest/ports.ts';
import { type ColumnSql, columnSql } from './column-sql.ts';
import { groupsOf, textsOf } from './flat-parts.ts';
import { allOf, firstText, runLineageSql } from './row-sql.ts';
import { identifier, literal, literals, typeOfTexts } from './text.ts';

/**
 * Which rows of parts are wanted: `all` fails at the first bad one, and where a text may hold NUL, which need not be looked
 * for in each value then; `plain` fails as well at one that is fine, but not plainly so: a shorter statement, which takes a
 * fifteenth less; `good` leaves bad ones out.
 */
export type Wanted = 'plain' | 'all' | 'good';

/**
 * The rows of parts that are read as a whole, in order: the contract's columns, `_extra` (nothing) and lineage. Fails at an
 * object with other keys than `headings`, or with one of them twice. Objects become maps, which costs less than looking
 * for some keys, and says how many keys there are.
 */
export function flatRows(request: StagePartsRequest, headings: readonly string[], wanted: Wanted): string {
    const { contract, mapping, parts } = request;
    const placesOf = ({ name }: ContractColumn) =>
        (mapping[name] ?? []).map((heading) => headings.indexOf(heading)).filter((place) => place >= 0);
    const texts = contract.columns.map((column, index) => {
        const found = placesOf(column).map((place) => `h${place}`);
        return found.length === 1 ? { name: found[0] as string } : { name: `t${index}`, sql: firstText(found) };
    });
    const required = contract.columns.filter((column) => column.required).map(placesOf);
    const certain = new Set(required.flatMap((places) => (places.length === 1 ? places : [])));
    const columns = contract.columns.map((column, index) =>
        columnSql(column, texts[index]?.name as string, `v${index}`, wanted === 'good'),
    );
    const fields = headings.map((heading, place) => `f[${literal(heading)}] as h${place}`);
    const values = contract.columns.map(({ name }, index) => `v${index} as ${identifier(name)}`);
    const items = `select uri, version, unnest(items) as f, generate_subscripts(items, 1) as n from (${placesSql(parts, wanted)})`;
    const read = `select *, ${['cast(cardinality(f) as integer) as keys', ...fields].join(', ')} from (${items})`;
    // DuckDB computes each level by itself: a column of one heading needs none between.
    const chosen = texts.flatMap(({ name, sql }) => (sql === undefined ? [] : [`${sql} as ${name}`]));
    const found = chosen.length === 0 ? read : `select *, ${chosen.join(', ')} from (${read})`;
    const typing = columns.map((column, index) => {
        return `${wanted === 'plain' ? column.plainValue : column.value} as v${index}`;
    });
    const typed = `select *, ${typing.join(', ')} from (${found})`;
    const judged = `select *, ${judgedSql(headings, certain, columns, wanted)} as ok from (${typed})`;
    return (
        `select ${values.join(', ')}, cast(null as varchar) as _extra, uri as _source_uri, ` +
        `version as _source_version, n as _source_row, ${runLineageSql(request).join(', ')} from ${wantedOf(judged, wanted)}`
    );
}

/**
 * DuckDB pushes a condition down to where its columns are computed, which would judge a row twice; not one that may fail,
 * and none below a numbering.
 */
function wantedOf(judged: string, wanted: Wanted): string {
    if (wanted !== 'good') return `(${judged}) where case when ok then true else ${failure('A row is bad')} end`;
    return `(select *, row_number() over () as place from (${judged})) where ok and place > 0`;
}

/** Mostly an object `f` has as many keys as values were found, and plain ones. `certain` ones are there where all are plain. */
function judgedSql(
    headings: readonly string[],
    certain: ReadonlySet<number>,
    columns: readonly ColumnSql[],
    wanted: Wanted,
): string {
    const count = (conditions: readonly string[]) =>
        conditions.map((condition) => `cast(${condition} as integer)`).join(' + ');
    const uncertain = [...headings.keys()].filter((place) => !certain.has(place));
    const asMany = `keys - ${certain.size} = ${count(uncertain.map((place) => `h${place} is not null`)) || '0'}`;
    const plain = allOf([...columns.map((column) => column.plain), asMany]);
    if (wanted === 'plain') return `(${plain})`;
    const known = `keys = ${count(headings.map((heading) => `map_contains(f, ${literal(heading)})`))}`;
    return (
        `case when ${plain} then true when f is null then false ` +
        `when ${known} then ${allOf(columns.map(({ accepts }) => accepts))} else ${failure('A key is not known')} end`
    );
}

/** Ends the statement; nobody reads why, the rows are read another way. */
function failure(message: string): string {
    return `cast(error(${literal(message)}) as boolean)`;
}

/** The items of each part as a list of maps, with what is to stand beside each item. */
function placesSql(parts: readonly StagePart[], wanted: Wanted): string {
    // A NUL can only be written as an escape.
    const clean =
        wanted !== 'good' ? ` where case when contains(content, '\\u0000') then ${failure('A NUL')} else true end` : '';
    const groups = groupsOf(parts).map(
        (group) =>
            `select filename, from_json(content, '["MAP(VARCHAR, VARCHAR)"]') as items from ${textsOf(group)}${clean}`,
    );
    const paths = literals(parts.map(({ path }) => path));
    const placed = `select items, list_position(${paths}, filename) as place from (${groups.join(' union all ')})`;
    const ofPart = (text: (part: StagePart) => string) => oneOf(parts.map(text), 'place');
    return (
        `select items, ${ofPart(({ sourceUri }) => sourceUri)} as uri, ` +
        `${ofPart(({ sourceVersion }) => sourceVersion)} as version from (${placed})`
    );
}

/** One of some texts, by its place from 1 on. */
function oneOf(texts: readonly string[], place: string): string {
    return `cast(list_extract(${literals(texts)}, ${place}) as ${typeOfTexts(texts)})`;
}
