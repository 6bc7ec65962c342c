import { UsageError } from '../errors.ts';
import { fileNameOf, type LedgerEntry } from '../ledger/entry.ts';
import type { Ledger } from '../ledger/ledger.ts';

/** The whole ledger, objects that arrived first standing first. */
export async function allEntries(ledger: Pick<Ledger, 'all'>): Promise<LedgerEntry[]> {
    const entries: LedgerEntry[] = [];
    for await (const entry of ledger.all()) entries.push(entry);
    return entries.sort((a, b) => (`${a.receivedAt} ${a.object.key}` < `${b.receivedAt} ${b.object.key}` ? -1 : 1));
}

/**
 * The object that a person means by an id, the beginning of one, or a file name.
 *
 * @throws UsageError when there is none or more than one
 */
export function entryMeant(entries: readonly LedgerEntry[], text: string): LedgerEntry {
    const found = entries.filter(
        (entry) => entry.id.startsWith(text) || entry.object.key === text || fileNameOf(entry) === text,
    );
    if (found.length === 1) return found[0] as LedgerEntry;
    if (found.length === 0) {
        throw new UsageError(`The ledger has no object "${text}": expected an id, its beginning, or a file name.`);
    }
    const choices = found
        .toSorted((a, b) => (a.landedAt > b.landedAt ? -1 : 1))
        .slice(0, 5)
        .map(({ id, object, state, landedAt }) => {
            return `${id.slice(0, 8)} (${object.key}, landed ${landedAt.slice(0, 16).replace('T', ' ')} UTC, ${state})`;
        });
    throw new UsageError(`"${text}" names ${found.length} objects; say which by id: ${choices.join(', ')}.`);
}
