import { ensureBuilder, readRequests, requestBuild } from '../build/requests.ts';
import type { Contract } from '../contracts/contract.ts';
import type { Executions } from '../execution/executions.ts';
import { reject } from '../ingest/register.ts';
import { recordIngest } from '../lineage/openlineage/ingest-events.ts';
import { objectsOf } from '../registry/registry.ts';
import type { ControlStore } from '../store/ports.ts';
import { swap } from '../store/swap.ts';
import type { IsoInstant } from '../types.ts';
import { executionName, type LedgerEntry, triesOf } from './entry.ts';
import type { Ledger } from './ledger.ts';

export interface SweepContext {
    readonly contracts: ReadonlyMap<string, Contract>;
    readonly control: ControlStore;
    readonly ledger: Ledger;
    readonly executions: Executions;
    readonly now: () => IsoInstant;
}

export interface Sweep {
    /** Objects whose ingest was started again. */
    readonly restarted: number;
    /** Objects given up after too many attempts. */
    readonly rejected: number;
    /** Objects staged again because their contract changed. */
    readonly restaged: number;
}

/** After this many attempts of one reading an object is rejected with the reason of the last one. */
const MOST_TRIES = 20;

/**
 * Restarts what got stuck: objects whose execution died or never began, builds that were asked for and not done,
 * datasets staged under an older contract. Safe at any time, by several sweepers at once.
 */
export async function sweep(context: SweepContext): Promise<Sweep> {
    let restarted = 0;
    let rejected = 0;
    let isWaiting = false;
    for (const id of await context.ledger.open()) {
        const entry = await context.ledger.find(id);
        if (entry?.state === 'staged') isWaiting = true;
        if (!entry || entry.state === 'built' || entry.state === 'rejected') await context.ledger.tidy(id);
        if (entry?.state !== 'received') continue;
        const status = await context.executions.status('ingest', executionName(entry));
        if (status === 'RUNNING') continue;
        if (triesOf(entry) >= MOST_TRIES) {
            const reason = `Given up after ${triesOf(entry)} attempts: ${entry.reason ?? 'no reason known'}`;
            await reject(context, id, reason);
            rejected++;
            continue;
        }
        if (status !== undefined) {
            const reason = entry.reason ?? `Its execution ended without a word: ${status}.`;
            await recordIngest(context.control, entry, { at: context.now(), reason });
        }
        // An execution that never began is started under the name it was promised; a dead one gets the next name.
        await start(context, status === undefined ? entry : await context.ledger.reopen(id, entry));
        restarted++;
    }
    const restaged = await restageOutdated(context);
    await context.ledger.fold();
    const requests = await readRequests(context.control);
    if (isWaiting && requests.requested <= requests.built) await requestBuild(context);
    else await ensureBuilder(context);
    return { restarted, rejected, restaged };
}

async function start({ executions }: SweepContext, entry: LedgerEntry): Promise<void> {
    await executions.start('ingest', executionName(entry), { id: entry.id, attempt: entry.attempt });
}

/** Raw files stay, so a changed contract types them again. One document a dataset remembers what is up to date. */
async function restageOutdated(context: SweepContext): Promise<number> {
    let count = 0;
    for (const contract of context.contracts.values()) {
        const key = `control/staged-under/${contract.dataset}`;
        const known = (await context.control.read<string>(key))?.value;
        if (known === contract.fingerprint) continue;
        for (const object of await objectsOf(context.control, contract.dataset)) {
            if (object.contractFingerprint === contract.fingerprint) continue;
            const entry = await context.ledger.find(object.id);
            if (!entry || entry.state === 'received') continue;
            await start(context, await context.ledger.reopen(object.id, entry));
            count++;
        }
        await swap<string>(context.control, key, () => contract.fingerprint);
    }
    return count;
}
