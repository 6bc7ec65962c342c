import { join } from 'node:path';
import { coerceError, PipelineError, TransientError } from '#core/errors.ts';
import type { StagePartsRequest, StagePartsResult, Stager } from '#core/ingest/ports.ts';
import type { Database, Session } from './database.ts';
import { acceptedRows, itemsOf, type PlacedPart, rejectedRows } from './json-parts.ts';
import { dateSpread, number, reasonCounts } from './staged-counts.ts';
import { literal } from './text.ts';

/** Stages many JSON files at once, and joins what several runs wrote. */
export function partStaging(database: Database): Pick<Stager, 'stageParts' | 'join'> {
    return {
        stageParts: (request) => database.session((session) => stagePartsIn(session, request)),
        async join(paths, target) {
            const files = `[${paths.map(literal).join(', ')}]`;
            await database.session((session) =>
                session.run(
                    `copy (select * from read_parquet(${files}, union_by_name = true)) to ${literal(target)} (format parquet)`,
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

async function stagePartsIn(session: Session, request: StagePartsRequest): Promise<StagePartsResult> {
    const counts = await countParts(session, request);
    const readable = request.parts.flatMap((part, index) => {
        const counted = counts[index];
        return counted ? [{ part, counted }] : [];
    });
    const apart = request.parts.flatMap((_, index) => (counts[index] ? [] : [index]));
    const read = readable.reduce((sum, { counted }) => sum + counted.rows, 0);
    if (read === 0) return { ...NOTHING, apart };

    let before = 0;
    const parts: PlacedPart[] = readable.map(({ part, counted }) => {
        const placed = { ...part, before };
        before += counted.lines;
        return placed;
    });
    const acceptedPath = join(request.folder, 'accepted.parquet');
    const rejectedPath = join(request.folder, 'rejected.parquet');
    const accepted = await number(session, copyTo(acceptedPath, acceptedRows(request, parts)));
    const rejected = accepted < read ? await number(session, copyTo(rejectedPath, rejectedRows(request, parts))) : 0;
    await requireEachCounted(session, {
        expected: new Map(readable.map(({ part, counted }) => [part.sourceUri, counted.rows])),
        written: [...(accepted > 0 ? [acceptedPath] : []), ...(rejected > 0 ? [rejectedPath] : [])],
    });
    return {
        read,
        accepted,
        rejected,
        reasons: rejected > 0 ? await reasonCounts(session, rejectedPath) : {},
        ...(await dateSpread(session, request, accepted, acceptedPath)),
        acceptedPath: accepted > 0 ? acceptedPath : undefined,
        rejectedPath: rejected > 0 ? rejectedPath : undefined,
        apart,
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

/** A statement that writes rows to a Parquet file and returns their number. */
function copyTo(path: string, rows: string): string {
    return `copy (${rows}) to ${literal(path)} (format parquet)`;
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

/** A full disk or memory is nobody's file's fault; any other complaint is about one of the files. */
function onlyUnreadable(thrown: unknown): undefined {
    const error = coerceError(thrown);
    if (error instanceof TransientError) throw error;
    return undefined;
}

/** Asserts for every part: rows read = accepted + rejected. */
async function requireEachCounted(
    session: Session,
    { expected, written }: { expected: ReadonlyMap<string, number>; written: readonly string[] },
): Promise<void> {
    const files = `[${written.map(literal).join(', ')}]`;
    const rows = await session.rows(
        `select _source_uri as uri, count(*) as rows from read_parquet(${files}, union_by_name = true) group by _source_uri`,
    );
    const found = new Map(rows.map(({ uri, rows: count }) => [String(uri), Number(count)]));
    for (const [uri, count] of expected) {
        if ((found.get(uri) ?? 0) === count) continue;
        throw new PipelineError(
            `Rows of ${uri} do not add up: read ${count}, accepted and rejected ${found.get(uri) ?? 0}. ` +
                'Nothing was registered; please report this file.',
        );
    }
}
