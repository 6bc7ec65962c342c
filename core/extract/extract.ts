import { join } from 'node:path';
import type { Contract } from '../contracts/contract.ts';
import type { ContractSource } from '../contracts/source.ts';
import { ConflictError, UsageError } from '../errors.ts';
import type { BlobStore, ControlStore, Document, LandingStore } from '../store/ports.ts';
import { swap } from '../store/swap.ts';
import type { IsoInstant, ObjectRef } from '../types.ts';
import type { SourceReader, SourceRows } from './ports.ts';

export interface ExtractContext {
    readonly landing: Pick<LandingStore, 'land'>;
    readonly blobs: Pick<BlobStore, 'scratch'>;
    readonly control: ControlStore;
    readonly now: () => IsoInstant;
    removeScratch(folder: string): Promise<void>;
}

/** What became of one extract. */
export interface Extraction {
    readonly dataset: string;
    readonly outcome: /** A new object lies in the landing area. */
        | 'landed'
        /** The database says what the last extract landed: nothing to do. */
        | 'unchanged'
        /** There is no row: nothing landed, because an empty table must not delete what is known. */
        | 'empty';
    readonly rows: number;
    readonly bytes: number;
    readonly object: ObjectRef | undefined;
    readonly advice: readonly string[];
}

/** What the last extract landed. `pending` is written before landing and goes with it: after a crash it is still there. */
interface ExtractState {
    readonly landed: (Pick<SourceRows, 'hash' | 'tailHash' | 'watermark'> & { readonly key: string }) | undefined;
    readonly pending: string | undefined;
}

const stateKey = (dataset: string) => `control/extracts/${dataset}`;
const NOTHING: ExtractState = { landed: undefined, pending: undefined };

/**
 * Reads a dataset from its database and lands what is new as `landing/<dataset>/<dataset>_<instant>.csv`. Nothing
 * lands when the rows are those of the last extract; the watermark moves only after landing.
 *
 * @throws UsageError when the contract has no source, or it does not fit the database
 * @throws TransientError when the database cannot be read now
 * @throws ConflictError when another extract of the dataset ended meanwhile: then this one landed nothing
 */
export async function extractDataset(
    context: ExtractContext,
    contract: Contract,
    reader: SourceReader,
): Promise<Extraction> {
    const source = requireSource(contract);
    const before = await context.control.read<ExtractState>(stateKey(contract.dataset));
    const folder = await context.blobs.scratch();
    try {
        const path = join(folder, 'extract.csv');
        const after = source.mode === 'incremental' ? before?.value.landed?.watermark : undefined;
        const found = await reader.read({ contract, source, after, path });
        const outcome = outcomeOf(found, before?.value ?? NOTHING, source);
        const object = outcome === 'landed' ? await land(context, contract.dataset, before, found, path) : undefined;
        const { rows, bytes, advice } = found;
        return { dataset: contract.dataset, outcome, rows, bytes, object, advice };
    } finally {
        await context.removeScratch(folder);
    }
}

/** @throws UsageError when the contract names no database */
export function requireSource(contract: Contract): ContractSource {
    if (contract.source) return contract.source;
    throw new UsageError(
        `The contract of ${contract.dataset} names no database to extract from. Add a server of type postgres to it ` +
            '(docs/contracts.md, "Databases").',
    );
}

/** While a landing is pending, nobody knows whether it happened: equal content is no reason to stop then. */
function outcomeOf(found: SourceRows, state: ExtractState, { mode }: ContractSource): Extraction['outcome'] {
    const known = mode === 'snapshot' ? state.landed?.hash : (state.landed?.tailHash ?? state.landed?.hash);
    if (found.rows === 0) return state.landed !== undefined && mode === 'incremental' ? 'unchanged' : 'empty';
    return state.pending === undefined && known === found.hash ? 'unchanged' : 'landed';
}

async function land(
    context: ExtractContext,
    dataset: string,
    before: Document<ExtractState> | undefined,
    { hash, tailHash, watermark }: SourceRows,
    path: string,
): Promise<ObjectRef> {
    const at = context.now().replaceAll(/[-:]/g, '').replace('.', '');
    const key = `landing/${dataset}/${dataset}_${at}.csv`;
    const document = stateKey(dataset);
    const intent: ExtractState = { landed: before?.value.landed, pending: key };
    try {
        if (before === undefined) await context.control.create(document, intent);
        else await context.control.replace(document, intent, before.etag);
    } catch (error) {
        if (!(error instanceof ConflictError)) throw error;
        throw new ConflictError(
            `Another extract of ${dataset} ended while this one read. Nothing was landed; run it again if it is still needed.`,
            { cause: error },
        );
    }
    const object = await context.landing.land(key, path);
    const landed = { key, hash, tailHash, watermark };
    // Whoever wrote another intent since lands after this: their state is the one to keep.
    await swap<ExtractState>(context.control, document, (state) =>
        state?.pending === key ? { landed, pending: undefined } : undefined,
    );
    return object;
}
