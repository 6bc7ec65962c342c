import { entryKey, type LedgerEntry, ledgerId } from '#core/ledger/entry.ts';
import { shareOf, totalsOf } from '#core/ledger/totals.ts';
import type { ControlStore } from '#core/store/ports.ts';
import type { IsoDate } from '#core/types.ts';

/** Documents written at a time. */
const SLICE = 500;

/** Writes the control documents that so many ingested and built objects leave, and returns their entries. */
export async function fillLedger(control: ControlStore, objects: number): Promise<LedgerEntry[]> {
    const entries = Array.from({ length: objects }, (_, n) => anEntry(n));
    for (let start = 0; start < objects; start += SLICE) {
        const some = entries.slice(start, start + SLICE);
        await Promise.all(
            some.map((entry) =>
                control.create(entryKey(entry.id), { ...entry, counted: { fold: 1, share: shareOf(entry) } }),
            ),
        );
    }
    await control.create('control/closed/summary', { fold: 1, totals: totalsOf(entries), pending: {} });
    return entries;
}

function anEntry(n: number): LedgerEntry {
    const object = { bucket: 'lake', key: `landing/events/events-${n}.csv`, version: String(n) };
    const at = new Date(Date.UTC(2023, 0, 1) + n * 600_000).toISOString();
    const date: IsoDate = at.slice(0, 10);
    return {
        id: ledgerId(object),
        object,
        dataset: 'events',
        state: 'built',
        size: 1000,
        landedAt: at,
        receivedAt: at,
        updatedAt: at,
        attempt: 1,
        run: 'build-1-1',
        staged: {
            contractVersion: '1.0.0',
            contractFingerprint: 'f',
            rows: { read: 10, accepted: 10, rejected: 0 },
            reasons: {},
            files: [`staging/events/${n}.parquet`],
            quarantine: undefined,
            dates: { [date]: 10 },
            newest: at,
            extraColumns: [],
        },
    };
}
