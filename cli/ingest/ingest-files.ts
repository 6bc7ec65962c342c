import { coerceError } from '#core/errors.ts';
import { ledgerId } from '#core/ledger/entry.ts';
import { replay } from '#core/replay/replay.ts';
import type { ObjectRef } from '#core/types.ts';
import type { Runtime } from '#embedded/runtime.ts';
import type { FileResult } from './file-results.ts';
import type { FoundFile } from './find-files.ts';

interface Landed {
    readonly file: FoundFile;
    readonly ref: ObjectRef | undefined;
    readonly problem: string | undefined;
}

export interface IngestSteps {
    /** Hears each file before it is landed. */
    readonly onLand: (file: FoundFile) => void;
    /** Hears which object a file became. */
    readonly onLanded: (id: string, file: FoundFile) => void;
}

/**
 * Lands files, delivers them and waits until they and the builds they ask for are done. One file that cannot be read
 * does not stop the others. A file that was rejected before is read again: its contract may be another by now.
 */
export async function ingestFiles(
    runtime: Runtime,
    files: readonly FoundFile[],
    { onLand, onLanded }: IngestSteps,
): Promise<FileResult[]> {
    const { ledger, landing } = runtime.context;
    const landed: Landed[] = [];
    for (const file of files) {
        onLand(file);
        try {
            const ref = await landing.land(file.key, file.path);
            onLanded(ledgerId(ref), file);
            landed.push({ file, ref, problem: undefined });
        } catch (error) {
            landed.push({ file, ref: undefined, problem: coerceError(error).message });
        }
    }
    const refs = landed.flatMap(({ ref }) => ref ?? []);
    const known = new Set<string>();
    for (const ref of refs) {
        const entry = await ledger.find(ledgerId(ref));
        if (!entry) continue;
        if (entry.state === 'rejected' && runtime.context.contracts.has(entry.dataset)) {
            await replay(runtime.context, entry);
        } else {
            known.add(entry.id);
        }
    }
    const undelivered = await runtime.deliver(refs).then(
        () => undefined,
        (error: unknown) => coerceError(error).message,
    );
    await runtime.settle();
    return Promise.all(
        landed.map(async ({ file, ref, problem }) => {
            const entry = ref && (await ledger.find(ledgerId(ref)));
            return {
                name: file.name,
                entry,
                known: entry !== undefined && known.has(entry.id),
                problem: problem ?? (entry ? undefined : (undelivered ?? 'it was not taken in; run the command again')),
            };
        }),
    );
}
