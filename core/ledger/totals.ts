import type { IsoInstant } from '../types.ts';
import type { LedgerEntry, ObjectState } from './entry.ts';

/** What has come in of one dataset. */
export interface DatasetTotals {
    readonly objects: number;
    readonly byState: Readonly<Record<ObjectState, number>>;
    /** Rows of objects that could be read; repeated rows count each time. */
    readonly rows: { readonly read: number; readonly accepted: number; readonly rejected: number };
    /** Size of the landed files. */
    readonly bytes: number;
    /** Newest value the date column ever had. */
    readonly newest: IsoInstant | undefined;
}

/** Totals by dataset. */
export type LedgerTotals = Readonly<Record<string, DatasetTotals>>;

/** What one object adds to the totals. */
export interface Share {
    readonly dataset: string;
    readonly state: ObjectState;
    readonly bytes: number;
    readonly rows: DatasetTotals['rows'];
    readonly newest: IsoInstant | undefined;
}

export const NO_TOTALS: DatasetTotals = {
    objects: 0,
    byState: { received: 0, staged: 0, built: 0, rejected: 0 },
    rows: { read: 0, accepted: 0, rejected: 0 },
    bytes: 0,
    newest: undefined,
};

export function shareOf({ dataset, state, size, staged }: LedgerEntry): Share {
    const counts = staged !== undefined && state !== 'rejected';
    return {
        dataset,
        state,
        bytes: size,
        rows: counts ? staged.rows : NO_TOTALS.rows,
        newest: counts ? staged.newest : undefined,
    };
}

/** Adds a share, or takes it out again with a sign of -1; the newest instant stays where it was. */
export function withShare(totals: LedgerTotals, share: Share, sign: 1 | -1): LedgerTotals {
    const { objects, byState, rows, bytes, newest } = totals[share.dataset] ?? NO_TOTALS;
    const isNewer = share.newest !== undefined && (newest === undefined || share.newest > newest);
    const next: DatasetTotals = {
        objects: objects + sign,
        byState: { ...byState, [share.state]: byState[share.state] + sign },
        rows: {
            read: rows.read + sign * share.rows.read,
            accepted: rows.accepted + sign * share.rows.accepted,
            rejected: rows.rejected + sign * share.rows.rejected,
        },
        bytes: bytes + sign * share.bytes,
        newest: isNewer ? share.newest : newest,
    };
    return { ...totals, [share.dataset]: next };
}

/** Totals of some entries. */
export function totalsOf(entries: Iterable<LedgerEntry>): LedgerTotals {
    let totals: LedgerTotals = {};
    for (const entry of entries) totals = withShare(totals, shareOf(entry), 1);
    return totals;
}
