import { untilIngested } from '#core/execution/outcome.ts';
import { replay, replayable } from '#core/replay/replay.ts';
import { allEntries, entryMeant } from '#core/status/entries.ts';
import { type Target, targetOption } from '../globals.ts';
import { counted } from '../output/numbers.ts';
import type { Answer } from '../output/output.ts';
import { outcomeAnswer, watchDeployedBuilds } from './outcome.ts';
import { useDeployment } from './use-deployment.ts';

interface Options {
    readonly dataset?: string;
    readonly from?: string;
    readonly to?: string;
    readonly object?: string;
    readonly patience: number;
}

/** Lets a deployed pipeline read landed files again, and waits for what becomes of them. */
export function deployedReplay(target: Target, options: Options): Promise<Answer> {
    const { dataset, from, to, object, patience } = options;
    return useDeployment(target, async (pipeline) => {
        const entries = await allEntries(pipeline.ledger);
        const chosen =
            object === undefined
                ? replayable(pipeline, entries, { dataset: dataset as string, from, to })
                : [entryMeant(entries, object)];
        const outcome = await watchDeployedBuilds(pipeline, patience * 1_000);
        for (const entry of chosen) await replay(pipeline, entry);
        const objects = chosen.map((entry) => entry.object);
        const ingested = await untilIngested(pipeline, objects, patience * 1_000);
        const results = ingested.map(({ entry }) => {
            return { name: entry.object.key, entry, known: false, problem: undefined };
        });
        const answer = outcomeAnswer(results, await outcome(), targetOption(target));
        return { ...answer, lines: [`Read ${counted(results.length, 'file')} again.`, '', ...answer.lines] };
    });
}
