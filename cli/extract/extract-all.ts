import { createSourceReader } from '#adapters/postgres/extract/reader.ts';
import { coerceError, UsageError } from '#core/errors.ts';
import { type Extraction, extractDataset } from '#core/extract/extract.ts';
import { type LedgerEntry, ledgerId } from '#core/ledger/entry.ts';
import type { AnyLake } from '../anywhere.ts';
import type { ExtractSource } from './sources.ts';

/** One dataset after an extract: what was read and what became of it, or why it was not read. */
export interface ExtractResult {
    readonly dataset: string;
    readonly extraction: Extraction | undefined;
    /** The landed object after its ingest. */
    readonly entry: LedgerEntry | undefined;
    readonly problem: string | undefined;
}

export interface ExtractSteps {
    readonly onRead: (dataset: string) => void;
    readonly onRetry: (why: string, waitMs: number) => void;
}

/**
 * Extracts one dataset after the other, then takes in what landed and waits for the builds. A database that cannot be
 * read does not keep the others from being read; when none can be, the first error is thrown.
 */
export async function extractAll(
    { context, deliver, settle }: AnyLake,
    sources: readonly ExtractSource[],
    { onRead, onRetry }: ExtractSteps,
): Promise<ExtractResult[]> {
    const tried: { dataset: string; extraction?: Extraction; error?: Error }[] = [];
    for (const { contract, url } of sources) {
        const { dataset } = contract;
        onRead(dataset);
        try {
            const reader = createSourceReader(url, { onRetry });
            tried.push({ dataset, extraction: await extractDataset(context, contract, reader) });
        } catch (thrown) {
            tried.push({ dataset, error: coerceError(thrown) });
        }
    }
    const errors = tried.flatMap(({ error }) => error ?? []);
    if (errors.length === tried.length) throw errors.find((error) => error instanceof UsageError) ?? errors[0];
    const landed = tried.flatMap(({ extraction }) => extraction?.object ?? []);
    if (landed.length > 0) await deliver(landed);
    await settle(landed);
    return Promise.all(
        tried.map(async ({ dataset, extraction, error }) => {
            const object = extraction?.object;
            const entry = object && (await context.ledger.find(ledgerId(object)));
            return { dataset, extraction, entry, problem: error?.message ?? rejection(entry) };
        }),
    );
}

function rejection(entry: LedgerEntry | undefined): string | undefined {
    if (entry === undefined || entry.state === 'staged' || entry.state === 'built') return undefined;
    return entry.reason ?? 'it landed and was not taken in yet; the next command takes it up';
}
