import type { BuiltTable } from '#core/build/ports.ts';
import type { BlobStore } from '#core/store/ports.ts';
import type { Column, IsoInstant } from '#core/types.ts';

/** What is known of one batch between the calls that ask how it is doing. */
export interface Notes {
    /** Tries so far; each writes to a place of its own. */
    readonly attempt: number;
    readonly startedAt: IsoInstant;
    readonly columns: readonly Column[];
    /** Query that writes the rows; undefined between deciding and starting. */
    readonly unload: string | undefined;
    /** Query that counts and hashes what was written. */
    readonly measure: string | undefined;
    /** Bytes that the queries of all tries read. */
    readonly scannedBytes: number;
    readonly built: BuiltTable | undefined;
}

/** Notes as a blob: written before what they speak of is started, so that a crash in between starts nothing twice. */
export async function readNotes(blobs: BlobStore, key: string): Promise<Notes | undefined> {
    const text = await blobs.readText(key);
    return text === undefined ? undefined : (JSON.parse(text) as Notes);
}

/** Bytes that all queries of a run's builds have read, by model. */
export async function scannedBytes(blobs: BlobStore, run: string): Promise<ReadonlyMap<string, number>> {
    const bytes = new Map<string, number>();
    for (const { key } of await blobs.list(`runs/${run}/queries`)) {
        const model = key.split('/').at(-2) ?? '';
        const notes = await readNotes(blobs, key);
        bytes.set(model, (bytes.get(model) ?? 0) + (notes?.scannedBytes ?? 0));
    }
    return bytes;
}
