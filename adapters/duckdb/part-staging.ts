import { join } from 'node:path';
import type { StagePartsRequest, StagePartsResult, StageResult, Stager } from '#core/ingest/ports.ts';
import type { Database, Session } from './database.ts';
import { areFlat, itemCounts, keysOf, onlyUnreadable } from './flat-parts.ts';
import { flatRows, type Wanted } from './flat-rows.ts';
import { acceptedRows, inARow, itemsOf, rejectedRows } from './json-parts.ts';
import { countsByPart, type PartCount, requireEachCounted, spreadOfParts } from './part-counts.ts';
import { dateSpread, number, reasonCounts } from './staged-counts.ts';
import { literal, literals } from './text.ts';

/** Stages many JSON files at once, and joins what several runs wrote. */
export function partStaging(database: Database): Pick<Stager, 'stageParts' | 'join'> {
    const notPlain = new Set<string>();
    return {
        stageParts: (request) => database.beside((session) => stagePartsIn(session, request, notPlain)),
        async join(paths, target) {
            await database.session((session) =>
                session.run(
                    `copy (select * from read_parquet(${literals(paths)}, union_by_name = true)) to ${literal(target)} (format parquet)`,
                ),
            );
            return target;
        },
    };
}

/** Lines and rows of one part; blank lines are no rows. */
interface Counted {
    readonly lines: number;
    readonly rows: number;
}

/** `notPlain`: datasets some of whose parts were seen to be other than plain. */
async function stagePartsIn(
    session: Session,
    request: StagePartsRequest,
    notPlain: Set<string>,
): Promise<StagePartsResult> {
    const staged = areFlat(request)
        ? ((await stageSound(session, request, notPlain)) ?? (await stageFlat(session, request)))
        : undefined;
    return staged ?? stageItems(session, request);
}

/** Stages parts item by item. */
async function stageItems(session: Session, request: StagePartsRequest): Promise<StagePartsResult> {
    const counts = await countParts(session, request);
    const readable = request.parts.flatMap((part, index) => {
        const counted = counts[index];
        return counted ? [{ part, counted }] : [];
    });
    const apart = request.parts.flatMap((_, index) => (counts[index] ? [] : [index]));
    const read = readable.reduce((sum, { counted }) => sum + counted.rows, 0);
    if (read === 0) return { ...NOTHING, apart };

    const parts = inARow(
        readable.map(({ part, counted }) => ({ ...part, lines: counted.lines })),
        ({ lines }) => lines,
    );
    const { acceptedPath, rejectedPath } = pathsIn(request);
    const accepted = await number(session, copyTo(acceptedPath, acceptedRows(request, parts)));
    const rejected = accepted < read ? await number(session, copyTo(rejectedPath, rejectedRows(request, parts))) : 0;
    const expected = new Map(readable.map(({ part, counted }) => [part.sourceUri, counted.rows]));
    return { ...(await outcome(session, request, { expected, accepted, rejected })), apart };
}

/**
 * Stages parts in one pass, hoping that all is well: every row good, no key but those of the first rows. Returns undefined
 * at the first sign that it is not. What was written is read again: the rows of each part have all numbers from 1.
 * A dataset's parts are much alike: where some were not plain, the next ones are not hoped to be.
 */
async function stageSound(
    session: Session,
    request: StagePartsRequest,
    notPlain: Set<string>,
): Promise<StagePartsResult | undefined> {
    const { dataset, dateColumn } = request.contract;
    const plain = notPlain.has(dataset) ? undefined : await writeFlat(session, request, request.columns, 'plain');
    if (plain === undefined) notPlain.add(dataset);
    const accepted = plain ?? (await writeFlat(session, request, request.columns, 'all'));
    if (accepted === undefined) return undefined;
    if (accepted === 0) return { ...NOTHING, apart: [] };
    const found = await countsByPart(session, [pathsIn(request).acceptedPath], dateColumn);
    const expected = new Map([...found].map(([uri, { last }]) => [uri, last]));
    return { ...(await outcome(session, request, { expected, accepted, rejected: 0, found })), apart: [] };
}

/**
 * Counts the rows of parts, then stages the good ones of all parts in one go; only parts with bad rows are read again, for
 * these. Returns undefined where a part cannot be read, or has keys that are not the contract's.
 */
async function stageFlat(session: Session, request: StagePartsRequest): Promise<StagePartsResult | undefined> {
    const counts = await itemCounts(session, request.parts);
    if (!counts) return undefined;
    const accepted =
        (await writeFlat(session, request, request.columns, 'good')) ??
        (await writeFlat(session, request, await keysOf(session, request.parts), 'good'));
    if (accepted === undefined) return undefined;
    const { acceptedPath, rejectedPath } = pathsIn(request);
    const counted = request.parts.map((part) => ({ ...part, rows: counts.get(part.path) ?? 0 }));
    const written = accepted > 0 ? [acceptedPath] : [];
    const found = await countsByPart(session, written, request.contract.dateColumn);
    const bad = counted.filter(({ sourceUri, rows }) => (found.get(sourceUri)?.rows ?? 0) !== rows);
    const expected = new Map(counted.map(({ sourceUri, rows }) => [sourceUri, rows]));
    if (bad.length === 0) {
        return { ...(await outcome(session, request, { expected, accepted, rejected: 0, found })), apart: [] };
    }
    const placed = inARow(bad, ({ rows }) => rows);
    const rejected = await number(session, copyTo(rejectedPath, rejectedRows(request, placed)));
    return { ...(await outcome(session, request, { expected, accepted, rejected })), apart: [] };
}

/** Writes the rows of parts whose objects have these keys at most; returns their number, or undefined where that fails. */
async function writeFlat(session: Session, request: StagePartsRequest, keys: readonly string[], wanted: Wanted) {
    const known = new Set(Object.values(request.mapping).flat());
    if (keys.length === 0 || !keys.every((key) => known.has(key))) return undefined;
    const rows = flatRows(request, keys, wanted);
    return number(session, copyTo(pathsIn(request).acceptedPath, rows)).catch(onlyUnreadable);
}

function pathsIn({ folder }: StagePartsRequest) {
    return { acceptedPath: join(folder, 'accepted.parquet'), rejectedPath: join(folder, 'rejected.parquet') };
}

interface Written {
    /** Rows of each part, by its URI. */
    readonly expected: ReadonlyMap<string, number>;
    readonly accepted: number;
    readonly rejected: number;
    /** What was counted in the file of accepted rows, where there is no other. */
    readonly found?: ReadonlyMap<string, PartCount>;
}

/** What was written, after every part has been counted. */
async function outcome(
    session: Session,
    request: StagePartsRequest,
    { expected, accepted, rejected, found }: Written,
): Promise<StageResult> {
    const paths = pathsIn(request);
    const acceptedPath = accepted > 0 ? paths.acceptedPath : undefined;
    const rejectedPath = rejected > 0 ? paths.rejectedPath : undefined;
    const written = [acceptedPath, rejectedPath].filter((path) => path !== undefined);
    requireEachCounted(expected, found ?? (await countsByPart(session, written)), accepted + rejected);
    const spread = found && spreadOfParts(found.values());
    return {
        read: [...expected.values()].reduce((sum, rows) => sum + rows, 0),
        accepted,
        rejected,
        reasons: rejectedPath === undefined ? {} : await reasonCounts(session, rejectedPath),
        ...(spread ?? (await dateSpread(session, request, accepted, paths.acceptedPath))),
        acceptedPath,
        rejectedPath,
    };
}

const NOTHING = {
    read: 0,
    accepted: 0,
    rejected: 0,
    reasons: {},
    dates: {},
    newest: undefined,
    acceptedPath: undefined,
    rejectedPath: undefined,
};

/** Rows in a group of a Parquet file. A group is held in memory while it is written: larger ones cost 25 MB a statement. */
const GROUP = 20_480;

/** A statement that writes rows to a Parquet file and returns their number. */
function copyTo(path: string, rows: string): string {
    return `copy (${rows}) to ${literal(path)} (format parquet, row_group_size ${GROUP})`;
}

/** Counts each part by a pass of its own; undefined for one that cannot be read with the others. */
async function countParts(session: Session, request: StagePartsRequest): Promise<(Counted | undefined)[]> {
    const together = await countTogether(session, request, request.parts, 'counted').catch(onlyUnreadable);
    if (together) return together;
    const counts: (Counted | undefined)[] = [];
    for (const [index, part] of request.parts.entries()) {
        const one = await countTogether(session, request, [part], `counted_${index}`).catch(onlyUnreadable);
        counts.push(one?.[0]);
    }
    return counts;
}

async function countTogether(
    session: Session,
    { format }: StagePartsRequest,
    parts: StagePartsRequest['parts'],
    rejects: string,
): Promise<Counted[] | undefined> {
    const items = itemsOf(
        format.kind,
        parts.map(({ path }) => path),
        rejects,
    );
    const rows = await session.rows(
        'select cast(file_index as bigint) as part, count(*) as lines, ' +
            `count(*) filter (where j is not null and trim(j) <> '') as rows from ${items} group by file_index`,
    );
    if (format.kind === 'ndjson' && (await number(session, `select count(*) from ${rejects}`)) > 0) return undefined;
    const counted = new Map(
        rows.map(({ part, lines, rows: filled }) => [Number(part), [Number(lines), Number(filled)]]),
    );
    return parts.map((_, index) => {
        const [lines = 0, filled = 0] = counted.get(index) ?? [];
        return { lines, rows: filled };
    });
}
