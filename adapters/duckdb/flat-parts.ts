import { coerceError, TransientError } from '#core/errors.ts';
import type { StagePart, StagePartsRequest } from '#core/ingest/ports.ts';
import type { Session } from './database.ts';
import { literals } from './text.ts';

/** Bytes of a part that may be held in memory, several times over. */
const MOST_BYTES = 8e6;

/** Bytes of the parts that are read at a time: DuckDB takes all files of a list at once. */
const GROUP_BYTES = 2e6;

/** How many they are: those of a group are held at once. */
const GROUP_PARTS = 50;

/** Whether each part can be typed from its whole text. */
export function areFlat({ format, parts }: StagePartsRequest): boolean {
    return format.kind === 'json_array' && parts.every(({ size }) => size <= MOST_BYTES);
}

/** How many items each part has, by its path, in a pass of its own. Returns undefined where a part cannot be read. */
export async function itemCounts(
    session: Session,
    parts: readonly StagePart[],
): Promise<Map<string, number> | undefined> {
    const found = await ofEach(session, parts, 'json_array_length(content)').catch(onlyUnreadable);
    return found && new Map(found.map(({ filename, found: items }) => [String(filename), Number(items)]));
}

/** All keys of the objects of some parts. */
export async function keysOf(session: Session, parts: readonly StagePart[]): Promise<string[]> {
    const found = await ofEach(session, parts, "list_distinct(json_keys(content, '$[*]'))");
    const kinds = found.flatMap(({ found: keys }) => (keys ?? []) as (string[] | null)[]);
    return [...new Set(kinds.flatMap((keys) => keys ?? []))];
}

function ofEach(session: Session, parts: readonly StagePart[], what: string) {
    const groups = groupsOf(parts).map((group) => `select filename, ${what} as found from ${textsOf(group)}`);
    return session.rows(groups.join(' union all '));
}

/** Parts in order, a few at a time. */
export function groupsOf(parts: readonly StagePart[]): StagePart[][] {
    const groups: StagePart[][] = [];
    let group: StagePart[] = [];
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

/** The relation of the texts of some parts: `filename`, `content`. */
export function textsOf(parts: readonly StagePart[]): string {
    return `read_text(${literals(parts.map(({ path }) => path))})`;
}

/** A full disk or memory is nobody's file's fault; any other complaint is about one of the files. */
export function onlyUnreadable(thrown: unknown): undefined {
    const error = coerceError(thrown);
    if (error instanceof TransientError) throw error;
    return undefined;
}
