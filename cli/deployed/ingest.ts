import { tmpdir } from 'node:os';
import { coerceError, UsageError } from '#core/errors.ts';
import { untilIngested } from '#core/execution/outcome.ts';
import { ledgerId } from '#core/ledger/entry.ts';
import { replay } from '#core/replay/replay.ts';
import type { ObjectRef } from '#core/types.ts';
import { type Target, targetOption } from '../globals.ts';
import type { FileResult } from '../ingest/file-results.ts';
import { type FoundFile, findFiles } from '../ingest/find-files.ts';
import type { Answer, Output } from '../output/output.ts';
import { outcomeAnswer, watchDeployedBuilds } from './outcome.ts';
import { type DeployedPipeline, useDeployment } from './use-deployment.ts';

interface Options {
    readonly dataset?: string;
    readonly name?: string;
    readonly build: boolean;
    readonly patience: number;
}

/** Uploads files to a deployed pipeline, which hears of them by itself, and waits for what becomes of them. */
export function deployedIngest(
    target: Target,
    paths: readonly string[],
    options: Options,
    output: Output,
): Promise<Answer> {
    if (!options.build)
        throw new UsageError('A deployed pipeline builds by itself: --no-build is for a lake in a folder.');
    const patienceMs = options.patience * 1_000;
    return useDeployment(target, async (pipeline) => {
        const found = await findFiles(paths, {
            contracts: pipeline.contracts,
            dataset: options.dataset,
            name: options.name,
            temporary: tmpdir(),
        });
        try {
            const outcome = await watchDeployedBuilds(pipeline, patienceMs);
            const uploads: Upload[] = [];
            for (const file of found.files) {
                const upload = await uploaded(pipeline, file);
                if (upload.object) output.note(`uploaded ${upload.object.key}, version ${upload.object.version}`);
                uploads.push(upload);
            }
            for (const path of found.skipped) output.warn(`${path} skipped: no contract covers it`);
            const objects = uploads.flatMap(({ object }) => object ?? []);
            const entries = await untilIngested(pipeline, objects, patienceMs);
            const results = uploads.map(({ file: { name }, object, known, problem }): FileResult => {
                const entry = object && entries.find((each) => each.entry.id === ledgerId(object))?.entry;
                return { name, entry, known, problem };
            });
            const unread = found.unreadable.map(({ name, why }) => ({ ...NOTHING, name, problem: why }));
            return outcomeAnswer([...results, ...unread], await outcome(), targetOption(target), {
                skipped: found.skipped,
            });
        } finally {
            await found.release();
        }
    });
}

const NOTHING = { entry: undefined, known: false };

interface Upload {
    readonly file: FoundFile;
    readonly object: ObjectRef | undefined;
    readonly known: boolean;
    readonly problem: string | undefined;
}

/** A file that was rejected before is read again: its contract may be another by now. */
async function uploaded(pipeline: DeployedPipeline, file: FoundFile): Promise<Upload> {
    try {
        const object = await pipeline.landing.land(file.key, file.path);
        const entry = await pipeline.ledger.find(ledgerId(object));
        const again = entry?.state === 'rejected' && pipeline.contracts.has(entry.dataset);
        if (again) await replay(pipeline, entry);
        return { file, object, known: entry !== undefined && !again, problem: undefined };
    } catch (error) {
        return { file, object: undefined, known: false, problem: coerceError(error).message };
    }
}
