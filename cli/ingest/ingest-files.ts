import { coerceError } from '#core/errors.ts';
import { ledgerId } from '#core/ledger/entry.ts';
import { replay } from '#core/replay/replay.ts';
import type { ObjectRef } from '#core/types.ts';
import type { Runtime } from '#embedded/runtime.ts';
import type { FileResult } from './file-results.ts';
import type { FoundFile } from './find-files.ts';

interface Taken {
    readonly file: FoundFile;
    readonly ref?: ObjectRef;
    /** It was taken in before, by an earlier call. */
    readonly known?: boolean;
    readonly problem?: string;
}

export interface IngestSteps {
    /** Hears each file before it is landed. */
    readonly onLand: (file: FoundFile) => void;
    /** Hears which object a file became. */
    readonly onLanded: (id: string, file: FoundFile) => void;
}

/**
 * Lands files, delivers each as soon as it is there, and waits until they and the builds they ask for are done. One file
 * that cannot be read does not stop the others. A file that was rejected before is read again: its contract may be
 * another by now.
 */
export async function ingestFiles(
    runtime: Runtime,
    files: readonly FoundFile[],
    steps: IngestSteps,
): Promise<FileResult[]> {
    const { ledger } = runtime.context;
    const taken = await runtime.during(async () => {
        const all: Taken[] = [];
        for (const file of files) {
            await runtime.room();
            all.push(await takeIn(runtime, file, steps));
        }
        return all;
    });
    await runtime.settle();
    return Promise.all(
        taken.map(async ({ file, ref, known = false, problem }) => {
            const entry = ref && (await ledger.find(ledgerId(ref)));
            return {
                name: file.name,
                entry,
                known: entry !== undefined && known,
                problem: entry ? undefined : (problem ?? 'it was not taken in; run the command again'),
            };
        }),
    );
}

async function takeIn(runtime: Runtime, file: FoundFile, { onLand, onLanded }: IngestSteps): Promise<Taken> {
    const { landing, ledger, contracts } = runtime.context;
    onLand(file);
    let ref: ObjectRef | undefined;
    try {
        ref = await landing.land(file.key, file.path);
        onLanded(ledgerId(ref), file);
        const entry = await ledger.find(ledgerId(ref));
        const isTriedAgain = entry?.state === 'rejected' && contracts.has(entry.dataset);
        if (isTriedAgain) await replay(runtime.context, entry);
        await runtime.deliver([ref]);
        return { file, ref, known: entry !== undefined && !isTriedAgain };
    } catch (error) {
        return { file, ...(ref ? { ref } : {}), problem: coerceError(error).message };
    }
}
