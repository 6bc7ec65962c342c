import type { Contract } from '../../contracts/contract.ts';
import { executionName, type LedgerEntry, type StagedObject } from '../../ledger/entry.ts';
import type { ControlStore } from '../../store/ports.ts';
import type { Column, IsoInstant, ObjectRef } from '../../types.ts';
import { type EventDataset, NAMESPACE, type RunEvent, type RunOfJob, runEvent } from './event.ts';
import { errorFacet, jobTypeFacet, readFacet, schemaFacet, versionFacet, writtenFacet } from './facets.ts';
import { recordEvents } from './records.ts';

/** How an ingest execution ended: with staged rows, or with a reason. */
export type IngestEnd = { readonly at: IsoInstant } & (
    | { readonly staged: StagedObject; readonly contract: Contract }
    | { readonly reason: string }
);

/**
 * Records one ingest execution: the landed object it read, the rows it added to the staged table of its dataset. An
 * entry that is not `received` any more had its execution recorded by an earlier try of the same step.
 */
export async function recordIngest(control: ControlStore, entry: LedgerEntry, end: IngestEnd): Promise<void> {
    if (entry.state !== 'received') return;
    await recordEvents(control, `ingest-${executionName(entry)}`, entry.updatedAt, ingestEvents(entry, end));
}

/** The two events of an ingest execution. */
export function ingestEvents(entry: LedgerEntry, end: IngestEnd): RunEvent[] {
    const job = { namespace: NAMESPACE, name: `ingest.${entry.dataset}` };
    const run: RunOfJob = { name: `ingest/${executionName(entry)}`, job };
    const input = objectDataset(entry.object);
    const start = runEvent(run, { eventType: 'START', eventTime: entry.updatedAt, inputs: [input] });
    const ended = { ...run, job: { ...job, facets: jobTypeFacet('INGEST') } };
    if ('reason' in end) {
        const failed = { ...ended, facets: errorFacet(end.reason) };
        return [start, runEvent(failed, { eventType: 'FAIL', eventTime: end.at, inputs: [input] })];
    }
    const { rows } = end.staged;
    const read = { ...input, inputFacets: readFacet(rows.read, entry.size) };
    const output = {
        ...stagedDataset(entry.dataset, entry.id),
        outputFacets: writtenFacet(rows.accepted),
    };
    const facets = { ...output.facets, ...schemaFacet(columnsOf(end.contract)) };
    const outputs = [{ ...output, facets }];
    return [start, runEvent(ended, { eventType: 'COMPLETE', eventTime: end.at, inputs: [read], outputs })];
}

/** A version of a landed file. Buckets are named as OpenLineage does; a folder has no name that others know. */
function objectDataset({ bucket, key, version }: ObjectRef): EventDataset {
    const namespace = bucket === 'lake' ? NAMESPACE : `s3://${bucket}`;
    return { namespace, name: key, facets: versionFacet(version) };
}

/** The accepted rows of a dataset. */
export function stagedDataset(dataset: string, version: string): EventDataset {
    return { namespace: NAMESPACE, name: `staging.${dataset}`, facets: versionFacet(version) };
}

function columnsOf({ columns }: Contract): Column[] {
    return columns.map(({ name, type }) => ({ name, type }));
}
