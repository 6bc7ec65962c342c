import { ConflictError, PipelineError } from '../errors.ts';
import type { ControlStore } from '../store/ports.ts';
import { swap } from '../store/swap.ts';
import type { IsoInstant, ObjectRef } from '../types.ts';
import { entryKey, isClosed, type LedgerEntry, ledgerId, type StagedObject } from './entry.ts';
import { CLOSED_AT_ONCE, fold, folded, noteClosed, rejectedIds } from './summary.ts';
import { type LedgerTotals, shareOf, totalsOf, withShare } from './totals.ts';

/** On S3 a request takes its time, however small the document. */
const READ_AT_ONCE = 32;
const openKey = (id: string) => `control/open/${id}`;

export interface Arrival {
    readonly object: ObjectRef;
    readonly dataset: string;
    readonly size: number;
    readonly landedAt: IsoInstant;
}

/** The ledger over a control store. All transitions are idempotent. */
export interface Ledger {
    find(id: string): Promise<LedgerEntry | undefined>;
    /** Put if absent. `created` is false when the object was known. */
    receive(arrival: Arrival): Promise<{ entry: LedgerEntry; created: boolean }>;
    /**
     * Prepares another ingest execution of an object and returns the entry with its new attempt. With `after`, only
     * when the entry still stands as it did there: of several who see an attempt fail, one replaces it. `replay` names
     * who asks for the build of what is read.
     */
    reopen(id: string, after?: Pick<LedgerEntry, 'attempt' | 'state'>, replay?: string): Promise<LedgerEntry>;
    /** Adds a blob of corrections; adding it again changes nothing. */
    addCorrections(id: string, key: string): Promise<LedgerEntry>;
    markStaged(id: string, staged: StagedObject): Promise<LedgerEntry>;
    markRejected(id: string, reason: string): Promise<LedgerEntry>;
    /** Notes why an attempt failed; the state stays, the sweeper tries again. */
    noteFailure(id: string, reason: string): Promise<void>;
    /**
     * Marks those objects as built that are staged and, as they stand, were used by the run; returns how many it built.
     * Objects that were finished before are not changed.
     */
    markBuilt(ids: readonly string[], run: string, wasUsed?: (entry: LedgerEntry) => boolean): Promise<number>;
    /**
     * Ids of objects that are not finished: received or staged. Cost grows with these, not with the ledger. After a
     * crash there may be finished and unknown ones among them: `tidy` removes those.
     */
    open(): Promise<string[]>;
    tidy(id: string): Promise<void>;
    /** All entries; for listings people ask for. Cost grows with the ledger. */
    all(): AsyncIterable<LedgerEntry>;
    /** Entries of objects that are not finished. */
    unfinished(): Promise<LedgerEntry[]>;
    /** Rejected entries whose file name did not come again since. Cost grows with these. */
    rejected(): Promise<LedgerEntry[]>;
    /** Totals by dataset. Cost grows with what is unfinished and with what was finished since the last `fold`. */
    totals(): Promise<LedgerTotals>;
    /** Adds what was finished to the totals. */
    fold(): Promise<void>;
}

export function createLedger(control: ControlStore, now: () => IsoInstant): Ledger {
    async function change(id: string, next: (entry: LedgerEntry) => LedgerEntry | undefined): Promise<LedgerEntry> {
        const entry = await swap<LedgerEntry>(control, entryKey(id), (current) => {
            if (!current) throw new PipelineError(`The ledger has no object ${id}. Ingest the file again.`);
            const wanted = next(current);
            return wanted && { ...wanted, updatedAt: now() };
        });
        return entry as LedgerEntry;
    }

    async function markOpen(id: string): Promise<void> {
        await control.create(openKey(id), {}).catch((error: unknown) => {
            if (!(error instanceof ConflictError)) throw error;
        });
    }

    const find = async (id: string) => (await control.read<LedgerEntry>(entryKey(id)))?.value;

    /**
     * An entry and its open mark are two documents. Whoever opens writes the mark again after the entry, and whoever
     * closes looks at the entry again after removing the mark: in any order of the two, an open entry ends up marked.
     */
    async function removeMark(id: string): Promise<void> {
        await control.remove(openKey(id));
        const entry = await find(id);
        if (entry && !isClosed(entry)) await markOpen(id);
    }

    /** After these entries were written, or found, as finished. */
    async function close(entries: readonly LedgerEntry[]): Promise<void> {
        // Before the marks go: a crash in between leaves them, and the sweeper closes the objects again.
        await noteClosed(control, entries);
        for (const { id } of entries) await removeMark(id);
    }

    const open = async () => (await control.list('control/open')).map((key) => key.slice('control/open/'.length));

    /** The entries of keys, in their order, without those that are gone. */
    async function* entriesAt(keys: readonly string[]): AsyncGenerator<LedgerEntry> {
        for (let start = 0; start < keys.length; start += READ_AT_ONCE) {
            const batch = keys.slice(start, start + READ_AT_ONCE).map((key) => control.read<LedgerEntry>(key));
            for (const entry of await Promise.all(batch)) if (entry) yield entry.value;
        }
    }

    const entriesOf = (ids: readonly string[]) => Array.fromAsync(entriesAt(ids.map(entryKey)));

    async function* all(): AsyncGenerator<LedgerEntry> {
        yield* entriesAt(await control.list('control/ledger'));
    }

    return {
        find,
        async receive(arrival) {
            const id = ledgerId(arrival.object);
            const known = await find(id);
            if (known) return { entry: known, created: false };
            // The open mark comes first: a crash in between leaves a mark without entry, which the sweeper tidies up.
            await markOpen(id);
            const entry: LedgerEntry = {
                ...arrival,
                id,
                state: 'received',
                receivedAt: now(),
                updatedAt: now(),
                attempt: 1,
            };
            try {
                await control.create(entryKey(id), entry);
                await markOpen(id);
                return { entry, created: true };
            } catch (error) {
                if (!(error instanceof ConflictError)) throw error;
                return { entry: (await find(id)) as LedgerEntry, created: false };
            }
        },
        async reopen(id, after, replay) {
            await markOpen(id);
            const entry = await change(id, ({ reason: _, replay: _before, ...current }) => {
                if (after && (current.attempt !== after.attempt || current.state !== after.state)) return undefined;
                const attempt = current.attempt + 1;
                const next = {
                    ...current,
                    state: 'received' as const,
                    attempt,
                    // What is opened while it is being read is tried again; anything else is read anew.
                    ...(current.state !== 'received' && { readSince: attempt }),
                };
                return replay === undefined ? next : { ...next, replay };
            });
            await markOpen(id);
            return entry;
        },
        addCorrections: (id, key) =>
            change(id, (entry) =>
                entry.corrections?.includes(key)
                    ? undefined
                    : { ...entry, corrections: [...(entry.corrections ?? []), key] },
            ),
        markStaged: (id, staged) =>
            change(id, (entry) => (entry.state === 'received' ? { ...entry, state: 'staged', staged } : undefined)),
        async markRejected(id, reason) {
            const entry = await change(id, (current) => ({ ...current, state: 'rejected', reason }));
            await close([entry]);
            return entry;
        },
        async noteFailure(id, reason) {
            await change(id, (entry) => (entry.state === 'received' ? { ...entry, reason } : undefined));
        },
        async markBuilt(ids, run, wasUsed = () => true) {
            let count = 0;
            for (let start = 0; start < ids.length; start += CLOSED_AT_ONCE) {
                const closed: LedgerEntry[] = [];
                for (const id of ids.slice(start, start + CLOSED_AT_ONCE)) {
                    const entry = await change(id, (current) =>
                        current.state === 'staged' && wasUsed(current)
                            ? { ...current, state: 'built', run }
                            : undefined,
                    );
                    if (isClosed(entry)) closed.push(entry);
                }
                await close(closed);
                count += closed.filter((entry) => entry.state === 'built' && entry.run === run).length;
            }
            return count;
        },
        open,
        async tidy(id) {
            const entry = await find(id);
            await (entry && isClosed(entry) ? close([entry]) : removeMark(id));
        },
        all,
        unfinished: async () => (await entriesOf(await open())).filter((entry) => !isClosed(entry)),
        rejected: async () => (await entriesOf(await rejectedIds(control))).filter(({ state }) => state === 'rejected'),
        async totals() {
            const found = await folded(control);
            if (!found) return totalsOf(await Array.fromAsync(all()));
            let { totals } = found;
            for (const entry of await entriesOf([...new Set([...found.since, ...(await open())])])) {
                if (entry.counted) totals = withShare(totals, entry.counted.share, -1);
                totals = withShare(totals, shareOf(entry), 1);
            }
            return totals;
        },
        fold: () => fold(control, all),
    };
}
