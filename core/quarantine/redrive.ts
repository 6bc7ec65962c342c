import { createHash } from 'node:crypto';
import type { Contract } from '../contracts/contract.ts';
import { matchHeader } from '../contracts/match.ts';
import { PipelineError } from '../errors.ts';
import type { Correction } from '../ingest/ports.ts';
import { mappingOf } from '../ingest/probe.ts';
import { together } from '../ingest/staged-rows.ts';
import type { LedgerEntry, StagedObject } from '../ledger/entry.ts';
import type { IngestContext } from '../pipeline.ts';

type RedriveContext = Pick<IngestContext, 'blobs' | 'stager' | 'now'>;

/** What a redrive starts from, and where it works. */
export interface RedriveBase {
    readonly staged: StagedObject;
    readonly runId: string;
    /** A new empty folder on this machine; the caller removes it. */
    newFolder(): Promise<string>;
}

/** What was staged, where corrections are all that has come since; undefined where all rows have to be read again. */
export function correctable({ staged, corrections }: LedgerEntry, contract: Contract): StagedObject | undefined {
    if (staged?.contractFingerprint !== contract.fingerprint) return undefined;
    return newCorrections(staged, corrections).length > 0 ? staged : undefined;
}

function newCorrections(staged: StagedObject, corrections: readonly string[] = []): readonly string[] {
    const applied = new Set(staged.redriven?.corrections);
    return corrections.filter((key) => !applied.has(key));
}

/**
 * Judges the rejected rows that people corrected: good ones become a further file of accepted rows and leave the
 * quarantine, which shrinks by exactly them; the others stay, with their new reasons. Nothing is overwritten that the
 * earlier state needs; doing it again writes the same files.
 */
export async function redrive(
    context: RedriveContext,
    { corrections }: Pick<LedgerEntry, 'corrections'>,
    contract: Contract,
    { staged, runId, newFolder }: RedriveBase,
): Promise<StagedObject> {
    let now = staged;
    // One after another: a row that was accepted is not in quarantine any more for the corrections that came later.
    for (const key of newCorrections(staged, corrections)) {
        now = await redriveOnce(context, key, contract, { staged: now, runId, newFolder });
    }
    return now;
}

async function redriveOnce(
    context: RedriveContext,
    key: string,
    contract: Contract,
    { staged, runId, newFolder }: RedriveBase,
): Promise<StagedObject> {
    const applied = [...(staged.redriven?.corrections ?? []), key];
    const before = staged.redriven?.accepted ?? 0;
    const wanted = await readCorrections(context, key);
    if (staged.quarantine === undefined) {
        return { ...staged, redriven: { corrections: applied, accepted: before, run: runId } };
    }
    const headings = [...new Set(wanted.flatMap(({ fields }) => Object.keys(fields)))];
    const match = matchHeader(contract, headings);
    const { paths, release } = await context.blobs.open([staged.quarantine]);
    try {
        const result = await context.stager.redrive({
            quarantinePath: paths[0] as string,
            corrections: wanted,
            contract,
            mapping: mappingOf(contract, match, true),
            extra: match.extra,
            ingestedAt: context.now(),
            runId,
            folder: await newFolder(),
        });
        const name = createHash('sha256').update(`${staged.quarantine}\n${key}`).digest('hex').slice(0, 16);
        return await keep(context, staged, {
            ...result,
            name,
            redriven: { corrections: applied, accepted: before + result.accepted, run: runId },
        });
    } finally {
        await release();
    }
}

type Redriven = Awaited<ReturnType<RedriveContext['stager']['redrive']>> & {
    readonly name: string;
    readonly redriven: NonNullable<StagedObject['redriven']>;
};

async function keep({ blobs }: RedriveContext, staged: StagedObject, result: Redriven): Promise<StagedObject> {
    const { read, accepted, rejected } = staged.rows;
    const rows = { read, accepted: accepted + result.accepted, rejected: result.rejected };
    if (rows.accepted + rows.rejected !== read || rejected - result.rejected !== result.accepted) {
        throw new PipelineError(
            `Rows do not add up: ${rejected} were in quarantine, ${result.accepted} of them are accepted now and ` +
                `${result.rejected} left. Nothing was registered; please report these corrections.`,
        );
    }
    // Beside the files of the reading that made them, whatever was corrected before.
    const place = staged.quarantine?.replace(/^quarantine\//, '').replace(/(\/corrected-\w+)?\.parquet$/, '');
    const file = `staging/${place}/corrected-${result.name}.parquet`;
    const quarantine = `quarantine/${place}/corrected-${result.name}.parquet`;
    if (result.acceptedPath !== undefined) await blobs.put(file, result.acceptedPath);
    if (result.rejectedPath !== undefined) await blobs.put(quarantine, result.rejectedPath);
    const none = { read: 0, accepted: 0, rejected: 0, acceptedPaths: [], rejectedPaths: [], extra: [], reasons: {} };
    const { dates, newest } = together([
        { ...none, dates: staged.dates, newest: staged.newest },
        { ...none, dates: result.dates, newest: result.newest },
    ]);
    return {
        ...staged,
        rows,
        reasons: result.reasons,
        files: result.acceptedPath === undefined ? staged.files : [...staged.files, file],
        quarantine: result.rejectedPath === undefined ? undefined : quarantine,
        dates,
        newest,
        redriven: result.redriven,
    };
}

/** The corrections of a blob, of each row the last one. */
async function readCorrections({ blobs }: RedriveContext, key: string): Promise<Correction[]> {
    const text = await blobs.readText(key);
    if (text === undefined) {
        throw new PipelineError(`The corrections ${key} are gone. Give them again (cartlake quarantine redrive FILE).`);
    }
    const last = new Map<string, Correction>();
    for (const line of text.split('\n')) {
        const correction = JSON.parse(line) as Correction;
        last.set(`${correction.row} ${correction.sourceUri}`, correction);
    }
    return [...last.values()];
}
