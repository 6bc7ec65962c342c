import { PipelineError } from '../errors.ts';
import type { ExecutionStatus } from '../execution/executions.ts';
import { executionName, type LedgerEntry } from '../ledger/entry.ts';
import type { IngestContext } from '../pipeline.ts';

/** An object as it stood when a replay listed it. */
export type ListedObject = Pick<LedgerEntry, 'id' | 'attempt' | 'state'>;

type RereadContext = Pick<IngestContext, 'ledger' | 'executions'>;

/**
 * Has one object of a replay read again, once, however often it is asked: an object that stands as it was listed gets
 * its next attempt, one that went further did already. True when that reading has ended, well or not; what became of it
 * stands in the ledger. The ingest asks for no build: the replay does, when all its objects are read.
 *
 * @throws PipelineError when the ledger does not know the object
 */
export async function reread(
    { ledger, executions }: RereadContext,
    replay: string,
    { id, attempt, state }: ListedObject,
): Promise<boolean> {
    let entry = await required({ ledger }, id);
    if (entry.attempt === attempt) {
        // Whoever was rejected since it was listed is somebody's decision, not this list's.
        if (entry.state === 'rejected' && state !== 'rejected') return true;
        entry = await ledger.reopen(id, entry, replay);
    }
    if (entry.state !== 'received') return true;
    const status = await executions.status('ingest', executionName(entry));
    if (hasEnded(status)) return true;
    if (status === undefined) {
        await executions.start('ingest', executionName(entry), { id, attempt: entry.attempt });
    }
    return false;
}

/** One that ended without a word to the ledger is the sweeper's; this replay does not wait for it. */
function hasEnded(status: ExecutionStatus | undefined): boolean {
    return status !== undefined && status !== 'RUNNING';
}

async function required({ ledger }: Pick<RereadContext, 'ledger'>, id: string): Promise<LedgerEntry> {
    const entry = await ledger.find(id);
    if (entry) return entry;
    throw new PipelineError(`The ledger has no object ${id}. Ingest the file again.`);
}
