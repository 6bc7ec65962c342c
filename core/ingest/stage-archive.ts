import { join } from 'node:path';
import type { Contract } from '../contracts/contract.ts';
import { matchHeader } from '../contracts/match.ts';
import { ContractError } from '../errors.ts';
import type { StagedParts } from '../ledger/entry.ts';
import type { IngestContext } from '../pipeline.ts';
import { type PartPlan, partPlanner } from './part-probe.ts';
import type { ArchivePart, RejectedPart } from './ports.ts';
import { mappingOf } from './probe.ts';
import { type FileToStage, type StageFileContext, stageFile } from './stage-file.ts';
import { rowsOf, type StagedRows, together } from './staged-rows.ts';

type ArchiveContext = StageFileContext & Pick<IngestContext, 'archives'>;

/** An archive on this machine. */
export interface ArchiveToStage extends Omit<FileToStage, 'folder'> {
    /** A new empty folder on this machine; the caller removes it. */
    newFolder(): Promise<string>;
}

/** A file inside an archive and how it is to be staged. Its head is not kept: thousands of them may wait. */
interface Planned {
    readonly part: Omit<ArchivePart, 'head'>;
    readonly plan: PartPlan;
}

interface FittedPart {
    readonly part: Planned['part'];
    /** The keys of its first rows. */
    readonly columns: readonly string[];
}

/** Parts lie on disk until so many bytes of them are staged in one go. */
const BATCH_BYTES = 256e6;
const BATCH_PARTS = 4_000;
/** Rejected parts that are named in the ledger. */
const MOST_EXAMPLES = 50;

type JsonKind = 'json_array' | 'ndjson';

/** Whether a file is an archive of files. */
export async function isArchive({ reader, archives }: Pick<ArchiveContext, 'reader' | 'archives'>, path: string) {
    const { bytes, compression } = await reader.head(path, 4);
    return compression === 'none' && archives.isArchive(bytes);
}

/**
 * Types the rows of all files in an archive. A file that cannot be read is left out, with its reason; the others are
 * staged. Rows name their file (`<key>!/<path inside>`), are numbered in it, and have its content as their version.
 * Throws ContractError when the archive cannot be read as a whole, or none of its files can.
 */
export async function stageArchive(context: ArchiveContext, archive: ArchiveToStage): Promise<StagedRows> {
    const rejected: RejectedPart[] = [];
    const staged: StagedRows[] = [];
    const planOf = partPlanner(archive.contract);
    let parts = 0;
    let batch: Planned[] = [];
    let bytes = 0;
    const giveBack = () => {
        context.archives.takeBack(batch.map(({ part }) => part));
        batch = [];
        bytes = 0;
    };
    try {
        for await (const part of context.archives.unpack(archive.path, context.maxFileBytes)) {
            parts += 1;
            if ('reason' in part) {
                rejected.push(part);
                continue;
            }
            const { head, ...kept } = part;
            const plan = await unlessRejected(part, rejected, async () => planOf(part));
            if (!plan) {
                context.archives.takeBack([part]);
                continue;
            }
            batch.push({ part: kept, plan });
            bytes += part.size;
            if (bytes < BATCH_BYTES && batch.length < BATCH_PARTS) continue;
            staged.push(await stageBatch(context, archive, batch, rejected));
            giveBack();
        }
        staged.push(await stageBatch(context, archive, batch, rejected));
    } finally {
        giveBack();
    }
    return { ...together(staged), parts: partsOutcome(parts, rejected) };
}

/** Throws ContractError when nothing of the archive could be read. */
function partsOutcome(parts: number, rejected: readonly RejectedPart[]): StagedParts {
    if (parts === 0) throw new ContractError('The zip archive holds no files. Make it again.');
    const examples = rejected.slice(0, MOST_EXAMPLES).map(({ name, reason }) => ({ name, reason }));
    if (rejected.length === parts) {
        const shown = examples.slice(0, 3).map(({ name, reason }) => `${name}: ${reason}`);
        throw new ContractError(
            `None of the ${parts} files in the archive can be read. ${shown.join('\n')}${parts > 3 ? '\n...' : ''}`,
        );
    }
    return { read: parts - rejected.length, rejected: rejected.length, examples };
}

/** Stages some parts, those of JSON together, into one file. Adds to `rejected` what cannot be read. */
async function stageBatch(
    context: StageFileContext,
    archive: ArchiveToStage,
    batch: readonly Planned[],
    rejected: RejectedPart[],
): Promise<StagedRows> {
    const groups: Record<JsonKind, FittedPart[]> = { json_array: [], ndjson: [] };
    const alone: Planned['part'][] = [];
    for (const { part, plan } of batch) {
        if (plan.how === 'together') groups[plan.kind].push({ part, columns: plan.columns });
        if (plan.how === 'alone') alone.push(part);
    }
    const staged: StagedRows[] = [];
    for (const kind of ['json_array', 'ndjson'] as const) {
        if (groups[kind].length === 0) continue;
        const { rows, apart } = await stageTogether(context, archive, kind, groups[kind]);
        staged.push(rows);
        alone.push(...apart);
    }
    for (const part of alone) {
        const rows = await unlessRejected(part, rejected, async () => {
            const lineage = { ...archive.lineage, ...identityOf(archive, part) };
            return stageFile(context, { ...archive, path: part.path, lineage, folder: await archive.newFolder() });
        });
        if (rows) staged.push(rows);
    }
    const rows = together(staged);
    if (rows.acceptedPaths.length < 2) return rows;
    const target = join(await archive.newFolder(), 'joined.parquet');
    return { ...rows, acceptedPaths: [await context.stager.join(rows.acceptedPaths, target)] };
}

async function stageTogether(
    { stager }: Pick<IngestContext, 'stager'>,
    archive: ArchiveToStage,
    kind: JsonKind,
    planned: readonly FittedPart[],
): Promise<{ rows: StagedRows; apart: Planned['part'][] }> {
    const { mapping, extra } = headingsOf(archive.contract, planned);
    const { apart, ...result } = await stager.stageParts({
        format: { kind },
        contract: archive.contract,
        mapping,
        extra,
        columns: [...new Set(planned.flatMap(({ columns }) => columns))],
        folder: await archive.newFolder(),
        lineage: archive.lineage,
        parts: planned.map(({ part }) => ({ path: part.path, size: part.size, ...identityOf(archive, part) })),
    });
    return { rows: rowsOf(result, extra), apart: apart.flatMap((index) => planned[index]?.part ?? []) };
}

/** What the parts call the columns; each may call them otherwise. */
function headingsOf(contract: Contract, planned: readonly FittedPart[]) {
    const kinds = new Map(planned.map(({ columns }) => [columns.join('\n'), columns]));
    const matches = [...kinds.values()].map((columns) => matchHeader(contract, columns));
    const mappings = matches.map((match) => mappingOf(contract, match, true));
    const mapping = contract.columns.map(({ name }) => [
        name,
        [...new Set(mappings.flatMap((each) => each[name] ?? []))],
    ]);
    return {
        mapping: Object.fromEntries(mapping) as Record<string, string[]>,
        extra: [...new Set(matches.flatMap((match) => match.extra))],
    };
}

function identityOf({ lineage }: ArchiveToStage, { name, version }: Planned['part']) {
    return { sourceUri: `${lineage.sourceUri}!/${name}`, sourceVersion: version };
}

/** A part that cannot be read becomes a reason; what is nobody's fault is thrown on. */
async function unlessRejected<T>(
    { name, path }: Pick<ArchivePart, 'name' | 'path'>,
    rejected: RejectedPart[],
    work: () => Promise<T>,
): Promise<T | undefined> {
    try {
        return await work();
    } catch (error) {
        if (!(error instanceof ContractError)) throw error;
        rejected.push({ name, reason: error.message.replaceAll(path, name) });
        return undefined;
    }
}
