import type { Ledger } from '../ledger/ledger.ts';
import type { IsoInstant } from '../types.ts';

/** Entries that are read at once. */
const AT_ONCE = 32;

export interface GatherContext {
    readonly ledger: Ledger;
    readonly now: () => IsoInstant;
    /** Milliseconds a build waits for files that are still being ingested. It never does where this is not said. */
    readonly gatherMs?: number | undefined;
}

/**
 * Whether a build should wait for files that are on their way, so that files that arrive together share it. A file
 * counts while its ingest is neither done nor known to have failed, and for `gatherMs` after the build's start at
 * most: neither a large file nor files that never stop coming hold up the others for longer.
 */
export async function isGathering(context: GatherContext, startedAt: IsoInstant): Promise<boolean> {
    const waited = Date.parse(context.now()) - Date.parse(startedAt);
    if (waited >= (context.gatherMs ?? 0)) return false;
    const open = await context.ledger.open();
    for (let start = 0; start < open.length; start += AT_ONCE) {
        const entries = await Promise.all(open.slice(start, start + AT_ONCE).map((id) => context.ledger.find(id)));
        if (entries.some((entry) => entry?.state === 'received' && entry.reason === undefined)) return true;
    }
    return false;
}
