import { UsageError } from '../errors.ts';
import { executionName, fileNameOf, type LedgerEntry, takenOutBecause } from '../ledger/entry.ts';
import type { IngestContext } from '../pipeline.ts';
import { reject } from './register.ts';

/**
 * Takes a file out that was accepted and should not have been: the next build is without its rows, and the ledger says
 * why. The file stays where it landed; reading it again brings its rows back. Taking it out twice changes nothing.
 *
 * @throws UsageError while it is being read, since its rows would come back
 */
export async function takeOut(
    context: Pick<IngestContext, 'control' | 'ledger' | 'executions' | 'now'>,
    entry: LedgerEntry,
    why: string,
): Promise<void> {
    if (entry.state === 'rejected') return;
    const status = await context.executions.status('ingest', executionName(entry));
    if (entry.state === 'received' && status === 'RUNNING') {
        throw new UsageError(`${fileNameOf(entry)} is being read just now: take it out when that is over.`);
    }
    await reject(context, entry.id, takenOutBecause(why));
}
