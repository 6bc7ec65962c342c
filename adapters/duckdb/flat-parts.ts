import { coerceError, TransientError } from '#core/errors.ts';
import type { StagePart, StagePartsRequest } from '#core/ingest/ports.ts';
import type { Session } from './database.ts';
import { literals } from './text.ts';

/** What a pass of its own finds in such parts. */
export interface Survey {
    /** Items of each part, by its path. */
    readonly rows: ReadonlyMap<string, number>;
    /** All keys of their objects. */
    readonly keys: readonly string[];
}

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

/** Counts the items of some parts and lists their keys. Returns undefined where a part cannot be read. */
export async function survey(session: Session, parts: readonly StagePart[]): Promise<Survey | undefined> {
    const groups = groupsOf(parts).map(
        (group) =>
            "select filename, json_array_length(content) as rows, list_distinct(json_keys(content, '$[*]')) as keys " +
            `from ${textsOf(group)}`,
    );
    const found = await session.rows(groups.join(' union all ')).catch(onlyUnreadable);
    if (!found) return undefined;
    return {
        rows: new Map(found.map(({ filename, rows }) => [String(filename), Number(rows)])),
        keys: [
            ...new Set(
                found.flatMap(({ keys }) => ((keys ?? []) as (string[] | null)[]).flatMap((each) => each ?? [])),
            ),
        ],
    };
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
