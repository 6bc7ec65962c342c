import type { Contract } from '../contracts/contract.ts';
import { PipelineError } from '../errors.ts';
import type { LedgerEntry, StagedObject } from '../ledger/entry.ts';
import type { IngestContext } from '../pipeline.ts';
import type { StageResult } from './ports.ts';
import { probe } from './probe.ts';

type StageContext = Pick<
    IngestContext,
    'contracts' | 'landing' | 'blobs' | 'ledger' | 'reader' | 'stager' | 'now' | 'maxFileBytes'
>;

/** The ledger entry of an object and the contract of its dataset. */
export async function entryWithContract(
    context: Pick<IngestContext, 'contracts' | 'ledger'>,
    id: string,
): Promise<{ entry: LedgerEntry; contract: Contract }> {
    const entry = await context.ledger.find(id);
    const contract = entry && context.contracts.get(entry.dataset);
    if (!entry || !contract) {
        throw new PipelineError(`The ledger has no object ${id} with a known dataset. Ingest the file again.`);
    }
    return { entry, contract };
}

/**
 * Types the rows of an object by its contract: accepted rows to staging, rejected rows with reasons to quarantine.
 * Returns the key of the summary that Register reads. Doing it again writes the same files.
 */
export async function stage(
    context: StageContext,
    id: string,
    runId: string,
): Promise<{ summaryKey: string; staged: StagedObject }> {
    const { entry, contract } = await entryWithContract(context, id);
    const place = `${contract.dataset}/${id}/${contract.fingerprint.slice(0, 8)}`;
    const scratch = await context.blobs.scratch();
    const source = await context.landing.open(entry.object);
    try {
        const { mapping, extra, ...probed } = await probe(context, contract, source.path);
        const isPlain = probed.compression === 'none' && probed.encoding === 'utf-8' && probed.blankBytes === 0;
        const path = isPlain
            ? source.path
            : await context.reader.plain(source.path, probed, scratch, context.maxFileBytes);
        const result = await context.stager.stage({
            path,
            format: probed.format,
            contract,
            mapping,
            extra,
            folder: scratch,
            lineage: {
                sourceUri: entry.object.key,
                sourceVersion: entry.object.version,
                landedAt: entry.landedAt,
                ingestedAt: context.now(),
                runId,
            },
        });
        const staged = await keep(context, contract, place, result, extra);
        const summaryKey = `staging/${place}/staged.json`;
        await context.blobs.putText(summaryKey, JSON.stringify(staged));
        return { summaryKey, staged };
    } finally {
        await source.release();
        await context.reader.remove(scratch);
    }
}

async function keep(
    { blobs }: StageContext,
    contract: Contract,
    place: string,
    result: StageResult,
    extra: readonly string[],
): Promise<StagedObject> {
    const accepted = `staging/${place}/part-0.parquet`;
    const quarantine = `quarantine/${place}.parquet`;
    if (result.acceptedPath) await blobs.put(accepted, result.acceptedPath);
    if (result.rejectedPath) await blobs.put(quarantine, result.rejectedPath);
    return {
        contractVersion: contract.version,
        contractFingerprint: contract.fingerprint,
        rows: { read: result.read, accepted: result.accepted, rejected: result.rejected },
        reasons: result.reasons,
        files: result.acceptedPath ? [accepted] : [],
        quarantine: result.rejectedPath ? quarantine : undefined,
        dates: result.dates,
        newest: result.newest,
        extraColumns: extra,
    };
}
