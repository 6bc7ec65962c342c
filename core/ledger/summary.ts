import { createHash } from 'node:crypto';
import { ConflictError } from '../errors.ts';
import type { ControlStore, Document } from '../store/ports.ts';
import { swap } from '../store/swap.ts';
import type { IsoInstant } from '../types.ts';
import { entryKey, fileNameOf, isClosed, type LedgerEntry } from './entry.ts';
import { type LedgerTotals, type Share, shareOf, withShare } from './totals.ts';

/**
 * Totals over closed objects, so that nobody has to read the whole ledger. Closing an object leaves a mark; a fold
 * adds marked objects to the totals. `pending` is what the last fold added: it is written into the entries
 * afterwards, and always before the next fold, so that each object counts once whatever dies in between.
 */
interface Summary {
    readonly fold: number;
    readonly totals: LedgerTotals;
    readonly pending: Readonly<Record<string, Share>>;
}

const KEY = 'control/closed/summary';
const CLOSED = 'control/closed/objects';
const REJECTED = 'control/closed/rejected';
/** Objects of one mark, and of one fold: it keeps the documents small. */
export const CLOSED_AT_ONCE = 200;
/** Beginning of a mark that names its objects in the document; any other names the one object itself. */
const SEVERAL = 'several-';

const nameHash = (entry: LedgerEntry) => createHash('sha256').update(fileNameOf(entry)).digest('hex').slice(0, 16);

/** Marks up to CLOSED_AT_ONCE objects that are finished for now; written before their open marks go. */
export async function noteClosed(control: ControlStore, entries: readonly LedgerEntry[]): Promise<void> {
    const closings = entries.map(({ id, attempt, state }) => `${id}-${attempt}-${state}`);
    if (entries.length === 1) await createOnce(control, `${CLOSED}/${closings[0]}`, {});
    if (entries.length > 1) {
        const name = SEVERAL + createHash('sha256').update(closings.join('\n')).digest('hex').slice(0, 32);
        const ids = entries.map(({ id }) => id);
        await createOnce(control, `${CLOSED}/${name}`, ids);
    }
    for (const entry of entries) await noteRejected(control, entry);
}

async function noteRejected(control: ControlStore, entry: LedgerEntry): Promise<void> {
    const folder = `${REJECTED}/${nameHash(entry)}`;
    if (entry.state === 'rejected') {
        await createOnce(control, `${folder}/${entry.id}`, entry.receivedAt);
        return;
    }
    // A rejected file whose name came again and was accepted needs nobody any more.
    for (const key of await control.list(folder)) {
        const receivedAt = (await control.read<IsoInstant>(key))?.value ?? '';
        if (key.endsWith(`/${entry.id}`) || receivedAt < entry.receivedAt) await control.remove(key);
    }
}

/** Ids of rejected objects whose name did not come again. */
export async function rejectedIds(control: ControlStore): Promise<string[]> {
    return (await control.list(REJECTED)).map(idOfKey);
}

/** Totals over closed objects as folded, and the ids of those closed since; undefined before the first fold. */
export async function folded(control: ControlStore): Promise<{ totals: LedgerTotals; since: string[] } | undefined> {
    const found = await control.read<Summary>(KEY);
    if (!found) return undefined;
    const since = new Set(Object.keys(found.value.pending));
    for (const mark of await marks(control)) for (const id of await idsOfMark(control, mark)) since.add(id);
    // What a fold has added and not yet written into the entries counts as not folded.
    let { totals } = found.value;
    for (const [id, share] of Object.entries(found.value.pending)) {
        const entry = (await control.read<LedgerEntry>(entryKey(id)))?.value;
        totals = withShare(totals, share, -1);
        if (entry?.counted) totals = withShare(totals, entry.counted.share, 1);
    }
    return { totals, since: [...since] };
}

/** Adds objects closed since the last fold to the totals. Several at once are safe: one of them does each part. */
export async function fold(control: ControlStore, all: () => AsyncIterable<LedgerEntry>): Promise<void> {
    for (;;) {
        const found = await control.read<Summary>(KEY);
        if (!found) {
            // A ledger older than its summary: everything closed is marked once.
            await noteAllClosed(control, all());
            await createOnce<Summary>(control, KEY, { fold: 0, totals: {}, pending: {} });
            continue;
        }
        await settlePending(control, found.value);
        const chosen = await chooseMarks(control);
        if (chosen.marks.length === 0 && Object.keys(found.value.pending).length === 0) return;
        const next = await nextSummary(control, found, chosen.ids);
        try {
            await control.replace(KEY, next, found.etag);
        } catch (error) {
            if (!(error instanceof ConflictError)) throw error;
            continue;
        }
        await settlePending(control, next);
        for (const mark of chosen.marks) await control.remove(mark);
    }
}

async function noteAllClosed(control: ControlStore, entries: AsyncIterable<LedgerEntry>): Promise<void> {
    let closed: LedgerEntry[] = [];
    for await (const entry of entries) {
        if (isClosed(entry)) closed.push(entry);
        if (closed.length < CLOSED_AT_ONCE) continue;
        await noteClosed(control, closed);
        closed = [];
    }
    await noteClosed(control, closed);
}

/** At least one mark, if there are any, and no more of them than a fold takes. */
async function chooseMarks(control: ControlStore): Promise<{ marks: string[]; ids: Set<string> }> {
    const chosen: string[] = [];
    const ids = new Set<string>();
    for (const mark of await marks(control)) {
        const named = await idsOfMark(control, mark);
        if (chosen.length > 0 && ids.size + named.length > CLOSED_AT_ONCE) break;
        chosen.push(mark);
        for (const id of named) ids.add(id);
    }
    return { marks: chosen, ids };
}

async function nextSummary(
    control: ControlStore,
    { value }: Document<Summary>,
    ids: Iterable<string>,
): Promise<Summary> {
    let { totals } = value;
    const pending: Record<string, Share> = {};
    for (const id of ids) {
        const entry = (await control.read<LedgerEntry>(entryKey(id)))?.value;
        // Opened again meanwhile: it counts by what it is, until it is closed and marked again.
        if (!entry || !isClosed(entry)) continue;
        const share = shareOf(entry);
        if (JSON.stringify(entry.counted?.share) === JSON.stringify(share)) continue;
        if (entry.counted) totals = withShare(totals, entry.counted.share, -1);
        totals = withShare(totals, share, 1);
        pending[id] = share;
    }
    return { fold: value.fold + 1, totals, pending };
}

/** Notes in the entries what of them is in the totals. A late writer of an earlier fold changes nothing. */
async function settlePending(control: ControlStore, { fold: number, pending }: Summary): Promise<void> {
    for (const [id, share] of Object.entries(pending)) {
        await swap<LedgerEntry>(control, entryKey(id), (entry) =>
            entry && (entry.counted?.fold ?? -1) < number ? { ...entry, counted: { fold: number, share } } : undefined,
        );
    }
}

const marks = (control: ControlStore) => control.list(CLOSED);
const idOfKey = (key: string) => key.slice(key.lastIndexOf('/') + 1);

async function idsOfMark(control: ControlStore, key: string): Promise<readonly string[]> {
    const name = idOfKey(key);
    // One that is gone by now was folded by somebody else.
    if (name.startsWith(SEVERAL)) return (await control.read<readonly string[]>(key))?.value ?? [];
    return [name.split('-')[0] as string];
}

async function createOnce<T>(control: ControlStore, key: string, value: T): Promise<void> {
    await control.create(key, value).catch((error: unknown) => {
        if (!(error instanceof ConflictError)) throw error;
    });
}
