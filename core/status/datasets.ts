import type { LedgerEntry, ObjectState } from '../ledger/entry.ts';
import type { IsoInstant } from '../types.ts';

/** What has come in of one dataset. */
export interface DatasetStatus {
    readonly dataset: string;
    readonly objects: number;
    readonly byState: Readonly<Record<ObjectState, number>>;
    /** Rows of objects that could be read; repeated rows count each time. */
    readonly rows: { readonly read: number; readonly accepted: number; readonly rejected: number };
    /** Size of the landed files. */
    readonly bytes: number;
    /** Newest value of the date column. */
    readonly newest: IsoInstant | undefined;
}

/** Sums of the ledger by dataset; datasets without objects are there with zeros. */
export function datasetStatuses(entries: readonly LedgerEntry[], datasets: Iterable<string>): DatasetStatus[] {
    const groups = new Map<string, LedgerEntry[]>([...datasets].map((dataset) => [dataset, []]));
    for (const entry of entries) {
        const group = groups.get(entry.dataset);
        if (group) group.push(entry);
        else groups.set(entry.dataset, [entry]);
    }
    return [...groups].map(([dataset, group]) => summed(dataset, group));
}

function summed(dataset: string, entries: readonly LedgerEntry[]): DatasetStatus {
    const byState = { received: 0, staged: 0, built: 0, rejected: 0 };
    const rows = { read: 0, accepted: 0, rejected: 0 };
    let bytes = 0;
    let newest: IsoInstant | undefined;
    for (const { state, size, staged } of entries) {
        byState[state] += 1;
        bytes += size;
        if (!staged || state === 'rejected') continue;
        rows.read += staged.rows.read;
        rows.accepted += staged.rows.accepted;
        rows.rejected += staged.rows.rejected;
        if (staged.newest !== undefined && (newest === undefined || staged.newest > newest)) newest = staged.newest;
    }
    return { dataset, objects: entries.length, byState, rows, bytes, newest };
}
