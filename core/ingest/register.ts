import { requestBuild } from '../build/requests.ts';
import { PipelineError } from '../errors.ts';
import type { StagedObject } from '../ledger/entry.ts';
import { recordIngest } from '../lineage/openlineage/ingest-events.ts';
import type { IngestContext } from '../pipeline.ts';
import { register as list, unregister } from '../registry/registry.ts';
import { entryWithContract } from './stage.ts';

type RegisterContext = Pick<IngestContext, 'contracts' | 'blobs' | 'control' | 'ledger' | 'executions' | 'now'>;

/**
 * Makes a staged object visible to builds and asks for a build, where no replay does. Safe to repeat: a crash between the steps is
 * healed by the next attempt or by the sweeper.
 */
export async function register(context: RegisterContext, id: string, summaryKey: string): Promise<{ build?: number }> {
    const { entry, contract } = await entryWithContract(context, id);
    const text = await context.blobs.readText(summaryKey);
    if (text === undefined) {
        throw new PipelineError(`Stage left no summary at ${summaryKey}. Run the ingest execution of ${id} again.`);
    }
    const staged = JSON.parse(text) as StagedObject;
    const { key, version } = entry.object;
    const object = { id, key, version, landedAt: entry.landedAt };
    await Promise.all([
        list(context.control, entry.dataset, object, staged, entry.staged),
        recordIngest(context.control, entry, { at: context.now(), staged, contract }),
    ]);
    await context.ledger.markStaged(id, staged);
    // A replay asks for one build of all it has read.
    return entry.replay === undefined ? { build: await requestBuild(context) } : {};
}

/** Closes an object that cannot be read: the reason goes to the ledger, rows of an earlier attempt leave the builds. */
export async function reject(
    context: Pick<RegisterContext, 'control' | 'ledger' | 'executions' | 'now'>,
    id: string,
    reason: string,
): Promise<void> {
    const entry = await context.ledger.find(id);
    if (entry) await recordIngest(context.control, entry, { at: context.now(), reason });
    if (entry?.staged) {
        await unregister(context.control, entry.dataset, id, entry.staged);
        await requestBuild(context);
    }
    await context.ledger.markRejected(id, reason);
}
