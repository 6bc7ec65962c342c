import type { StagedParts } from '../ledger/entry.ts';
import type { StageResult } from './ports.ts';

/** Rows of one object as Stage left them on this machine. */
export type StagedRows = Omit<StageResult, 'acceptedPath' | 'rejectedPath'> & {
    /** Parquet files, in order; none where there are no such rows. */
    readonly acceptedPaths: readonly string[];
    readonly rejectedPaths: readonly string[];
    /** Headings the contract does not name. */
    readonly extra: readonly string[];
    /** Of an archive: the files in it. */
    readonly parts?: StagedParts;
};

/** What the engine says of one file, and which headings the contract does not name. */
export function rowsOf(result: StageResult, extra: readonly string[]): StagedRows {
    const { acceptedPath, rejectedPath, ...counts } = result;
    return {
        ...counts,
        acceptedPaths: acceptedPath === undefined ? [] : [acceptedPath],
        rejectedPaths: rejectedPath === undefined ? [] : [rejectedPath],
        extra,
    };
}

/** The rows of several files together. */
export function together(all: readonly StagedRows[]): StagedRows {
    const sum = (of: (rows: StagedRows) => number) => all.reduce((total, rows) => total + of(rows), 0);
    const newest = all.flatMap((rows) => rows.newest ?? []).sort();
    return {
        read: sum((rows) => rows.read),
        accepted: sum((rows) => rows.accepted),
        rejected: sum((rows) => rows.rejected),
        reasons: added(all.map((rows) => rows.reasons)),
        dates: added(all.map((rows) => rows.dates)),
        newest: newest.at(-1),
        acceptedPaths: all.flatMap((rows) => rows.acceptedPaths),
        rejectedPaths: all.flatMap((rows) => rows.rejectedPaths),
        extra: [...new Set(all.flatMap((rows) => rows.extra))],
    };
}

/** Counts by name, added, in the order of the names. */
function added(counts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
    const total = new Map<string, number>();
    for (const [name, count] of counts.flatMap((each) => Object.entries(each))) {
        total.set(name, (total.get(name) ?? 0) + count);
    }
    return Object.fromEntries([...total].sort(([a], [b]) => (a < b ? -1 : 1)));
}
