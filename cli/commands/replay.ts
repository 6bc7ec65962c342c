import { Command } from 'commander';
import { UsageError } from '#core/errors.ts';
import { useAnyLake } from '../anywhere.ts';
import { answering, type Call, examples } from '../command.ts';
import { addGlobals, EVERYWHERE } from '../globals.ts';
import type { FileResult } from '../ingest/file-results.ts';
import { isoDate, patienceOption } from '../numeric-options.ts';
import type { Answer } from '../output/output.ts';

interface ReplayOptions {
    readonly dataset?: string;
    readonly from?: string;
    readonly to?: string;
    readonly object?: string;
    readonly patience: number;
}

/** `cartlake replay` */
export function replayCommand(): Command {
    const command = new Command('replay')
        .description('Read landed files again, as their contracts stand now, then build. Rows are replaced, not added.')
        .option('--dataset <name>', 'files of a dataset')
        .option('--from <date>', 'only files with rows on or after a date', isoDate)
        .option('--to <date>', 'only files with rows on or before a date', isoDate)
        .option('--object <id>', 'one file: object id, its beginning, or a file name')
        .addOption(patienceOption())
        .addHelpText(
            'after',
            examples(
                ['cartlake replay --dataset events', 'all files of events'],
                ['cartlake replay --dataset events --from 2024-03-01', 'those with rows since March'],
                ['cartlake replay --object 1b2c3d', 'one file'],
                ['cartlake replay --dataset users --target aws', 'of a deployed pipeline'],
            ),
        )
        .action(answering(replayObjects));
    return addGlobals(command, EVERYWHERE);
}

async function replayObjects({ options, globals }: Call<ReplayOptions>): Promise<Answer> {
    const { dataset, from, to, object } = options;
    if ((dataset === undefined) === (object === undefined)) {
        throw new UsageError('Name what to read again: either --dataset NAME or --object ID.');
    }
    const { readBy, startReplay } = await import('#core/replay/start-replay.ts');
    const { replayAnswer } = await import('../replay-answer.ts');
    const { replayable } = await import('#core/replay/replay.ts');
    const { allEntries, entryMeant } = await import('#core/status/entries.ts');
    const { createProgress } = await import('../output/progress.ts');
    const progress = createProgress();
    const use = { mode: 'change', onStage: progress.stage, patience: options.patience } as const;
    const work = useAnyLake(globals, use, async (lake) => {
        const { context } = lake;
        const entries = await allEntries(context.ledger);
        const chosen =
            object === undefined
                ? replayable(context, entries, { dataset: dataset as string, from, to })
                : [entryMeant(entries, object)];
        const outcome = await lake.watchBuilds();
        await lake.sweep();
        const name = await startReplay(context, chosen);
        const end = name === undefined ? undefined : await lake.untilReplayed(name);
        const builds = await outcome();
        const read = name === undefined ? new Set<string>() : await readBy(context, name);
        const results = await Promise.all(
            chosen.map(async ({ id, object: { key } }): Promise<FileResult> => {
                const problem = read.has(id) ? undefined : `it was not read again: cartlake executions ${name}`;
                return { name: key, entry: await context.ledger.find(id), known: false, problem };
            }),
        );
        return replayAnswer({ name, end, results, builds }, globals.lakeOption);
    });
    return work.finally(progress.done);
}
