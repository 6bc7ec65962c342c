import { join } from 'node:path';
import type { Contract } from '../contracts/contract.ts';
import { PipelineError } from '../errors.ts';
import type { LedgerEntry, StagedObject } from '../ledger/entry.ts';
import type { IngestContext } from '../pipeline.ts';
import { correctable, redrive } from '../quarantine/redrive.ts';
import { isArchive, stageArchive } from './stage-archive.ts';
import { type StageFileContext, stageFile } from './stage-file.ts';
import type { StagedRows } from './staged-rows.ts';

type StageContext = StageFileContext &
    Pick<IngestContext, 'archives' | 'contracts' | 'landing' | 'blobs' | 'ledger' | 'now'>;

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
 * Corrections of rejected rows are applied; where they are all that is new, no other row is read again.
 * Returns the key of the summary that Register reads. Doing it again writes the same files.
 */
export async function stage(
    context: StageContext,
    id: string,
    runId: string,
): Promise<{ summaryKey: string; staged: StagedObject }> {
    const { entry, contract } = await entryWithContract(context, id);
    const place = `${contract.dataset}/${id}/${contract.fingerprint.slice(0, 8)}`;
    const folders: string[] = [];
    const newFolder = async () => {
        const folder = await context.blobs.scratch();
        folders.push(folder);
        return folder;
    };
    const finish = async (staged: StagedObject) => {
        const summaryKey = `staging/${place}/staged.json`;
        await context.blobs.putText(summaryKey, JSON.stringify(staged));
        return { summaryKey, staged };
    };
    const source = await context.landing.open(entry.object);
    try {
        const { object, landedAt } = entry;
        const file = {
            path: source.path,
            contract,
            lineage: {
                sourceUri: object.key,
                sourceVersion: object.version,
                landedAt,
                ingestedAt: context.now(),
                runId,
            },
        };
        const earlier = correctable(entry, contract);
        if (earlier)
            return await finish(await redrive(context, entry, contract, { staged: earlier, runId, newFolder }));
        const rows = (await isArchive(context, source.path))
            ? await stageArchive(context, { ...file, newFolder })
            : await stageFile(context, { ...file, folder: await newFolder() });
        const whole = await keep(context, contract, place, rows, newFolder);
        return await finish(await redrive(context, entry, contract, { staged: whole, runId, newFolder }));
    } finally {
        await source.release();
        for (const folder of folders) await context.reader.remove(folder);
    }
}

async function keep(
    { blobs, stager }: StageContext,
    contract: Contract,
    place: string,
    rows: StagedRows,
    newFolder: () => Promise<string>,
): Promise<StagedObject> {
    const accepted = rows.acceptedPaths.map((_, index) => `staging/${place}/part-${index}.parquet`);
    for (const [index, path] of rows.acceptedPaths.entries()) await blobs.put(accepted[index] as string, path);
    const [rejected, ...more] = rows.rejectedPaths;
    const quarantine = `quarantine/${place}.parquet`;
    if (rejected !== undefined) {
        const whole = async () => stager.join(rows.rejectedPaths, join(await newFolder(), 'quarantine.parquet'));
        await blobs.put(quarantine, more.length === 0 ? rejected : await whole());
    }
    return {
        contractVersion: contract.version,
        contractFingerprint: contract.fingerprint,
        rows: { read: rows.read, accepted: rows.accepted, rejected: rows.rejected },
        reasons: rows.reasons,
        files: accepted,
        quarantine: rejected === undefined ? undefined : quarantine,
        dates: rows.dates,
        newest: rows.newest,
        extraColumns: rows.extra,
        ...(rows.parts ? { parts: rows.parts } : {}),
    };
}
