import { stat } from 'node:fs/promises';
import { coerceError, TransientError } from '#core/errors.ts';
import type { StagePart, StagePartsRequest } from '#core/ingest/ports.ts';
import { columnSql } from './column-sql.ts';
import type { Session } from './database.ts';
import { inARow, type PlacedPart } from './json-parts.ts';
import { firstText, okSql, placeTypes, runLineageSql } from './row-sql.ts';
import { identifier, literal } from './text.ts';

/** A JSON array of objects, with how many items and how many keys in all of them it has by a count of its own. */
export interface FlatPart extends PlacedPart {
    readonly rows: number;
    readonly keys: number;
    readonly size: number;
}

type SizedPart = StagePart & Pick<FlatPart, 'size'>;

/** Bytes of a part that may be held in memory, several times over. */
const MOST_BYTES = 8e6;

/** Bytes of the parts that are read at a time: DuckDB takes all files of a list at once. */
const GROUP_BYTES = 2e6;

/** How many they are: a part is looked up in the list of its group. */
const GROUP_PARTS = 50;

/**
 * Counts items and keys of parts that can be typed from their whole text, in a third of the time of reading their
 * objects one by one. Returns undefined where some are larger, or cannot be read.
 */
export async function flatParts(session: Session, request: StagePartsRequest): Promise<FlatPart[] | undefined> {
    if (request.format.kind !== 'json_array') return undefined;
    const sized = await Promise.all(
        request.parts.map(async (part) => ({ ...part, size: (await stat(part.path)).size })),
    );
    if (sized.some(({ size }) => size > MOST_BYTES)) return undefined;
    const counted = await count(session, sized).catch(onlyUnreadable);
    if (!counted) return undefined;
    const parts = sized.map((part) => ({ ...part, ...(counted.get(part.path) ?? { rows: 0, keys: 0 }) }));
    return inARow(parts, ({ rows }) => rows);
}

/** Counting keys takes half the time of listing them. */
async function count(session: Session, parts: readonly SizedPart[]) {
    const groups = groupsOf(parts).map(
        (group) =>
            'select filename, len(keys) as rows, list_sum(list_transform(keys, lambda names: len(names))) as keys ' +
            `from (select filename, json_keys(content, '$[*]') as keys from ${textsOf(group)})`,
    );
    const rows = await session.rows(groups.join(' union all '));
    return new Map(
        rows.map(({ filename, rows: items, keys }) => [
            String(filename),
            { rows: Number(items), keys: Number(keys ?? 0) },
        ]),
    );
}

/** All keys of the objects of some parts. */
export async function keysOf(session: Session, parts: readonly FlatPart[]): Promise<Set<string>> {
    if (parts.length === 0) return new Set();
    const groups = groupsOf(parts).map(
        (group) => `select list_distinct(json_keys(content, '$[*]')) as keys from ${textsOf(group)}`,
    );
    const rows = await session.rows(groups.join(' union all '));
    return new Set(rows.flatMap(({ keys }) => ((keys ?? []) as string[][]).flat()));
}

/** Whether rows can be looked up by these keys: there are some, the contract names each, and DuckDB's structs tell them apart. */
export function areLookedUp({ mapping }: StagePartsRequest, headings: readonly string[]): boolean {
    const known = new Set(Object.values(mapping).flat());
    const folded = new Set(headings.map((key) => key.toLowerCase()));
    return headings.length > 0 && folded.size === headings.length && headings.every((key) => known.has(key));
}

/** Parts in order, a few at a time. */
function groupsOf<Part extends SizedPart>(parts: readonly Part[]): Part[][] {
    const groups: Part[][] = [];
    let group: Part[] = [];
    let bytes = 0;
    for (const part of parts) {
        if (group.length === 0 || group.length === GROUP_PARTS || bytes + part.size > GROUP_BYTES) {
            group = [];
            bytes = 0;
            groups.push(group);
        }
        group.push(part);
        bytes += part.size;
    }
    return groups;
}

/** A full disk or memory is nobody's file's fault; any other complaint is about one of the files. */
export function onlyUnreadable(thrown: unknown): undefined {
    const error = coerceError(thrown);
    if (error instanceof TransientError) throw error;
    return undefined;
}

/**
 * The accepted rows of such parts, in order: the contract's columns, `_extra` and lineage. There is no join, which might
 * change the order. The numbering stands between judging and choosing because DuckDB pushes no condition below it:
 * without it, a row would be judged twice.
 */
export function flatRows(request: StagePartsRequest, parts: readonly FlatPart[], headings: readonly string[]): string {
    const { contract, mapping } = request;
    const spec = JSON.stringify([Object.fromEntries(headings.map((key) => [key, 'VARCHAR']))]);
    const texts = contract.columns.map(({ name }, index) => {
        const found = (mapping[name] ?? []).filter((heading) => headings.includes(heading));
        return `${firstText(found.map((heading) => `f.${identifier(heading)}`))} as t${index}`;
    });
    const columns = contract.columns.map((column, index) => columnSql(column, `t${index}`, `v${index}`));
    const values = contract.columns.map(({ name }, index) => `v${index} as ${identifier(name)}`);
    const groups = groupsOf(parts).map((group) => placesSql(group, spec));
    return `with
        texts as (${groups.join(' union all ')}),
        places as (select * replace (${placeTypes(parts).join(', ')}) from texts),
        items as (select uri, version, earlier, unnest(items) as f from places),
        fields as (select uri, version, earlier, f is not null as is_object, ${texts.join(', ')} from items),
        typed as (select *, ${columns.map(({ value }, index) => `${value} as v${index}`).join(', ')} from fields),
        judged as (select *, ${okSql('is_object', columns)} as ok from typed),
        numbered as (select *, row_number() over () as n from judged)
        select ${values.join(', ')}, cast(null as varchar) as _extra,
            uri as _source_uri, version as _source_version, cast(n - earlier as bigint) as _source_row,
            ${runLineageSql(request).join(', ')}
        from numbered where ok`;
}

/** The items of some parts as a list each, and what is to stand beside each item. */
function placesSql(parts: readonly FlatPart[], spec: string): string {
    const position = `list_position([${parts.map(({ path }) => literal(path)).join(', ')}], filename)`;
    const ofPart = (values: readonly string[]) => `list_extract([${values.join(', ')}], ${position})`;
    return `select from_json(content, ${literal(spec)}) as items,
        ${ofPart(parts.map(({ sourceUri }) => literal(sourceUri)))} as uri,
        ${ofPart(parts.map(({ sourceVersion }) => literal(sourceVersion)))} as version,
        ${ofPart(parts.map(({ before }) => String(before)))} as earlier
        from ${textsOf(parts)}`;
}

function textsOf(parts: readonly StagePart[]): string {
    return `read_text([${parts.map(({ path }) => literal(path)).join(', ')}])`;
}
