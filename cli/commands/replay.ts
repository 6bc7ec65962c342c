import { Command } from 'commander';
import { UsageError } from '#core/errors.ts';
import { answering, type Call, examples } from '../command.ts';
import { addGlobals, EVERYWHERE } from '../globals.ts';
import { isoDate, patienceOption } from '../numeric-options.ts';
import { counted } from '../output/numbers.ts';
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
    if (globals.target) return (await import('../deployed/replay.ts')).deployedReplay(globals.target, options);
    const { useLake } = await import('../lake.ts');
    const { replay, replayable } = await import('#core/replay/replay.ts');
    const { allEntries, entryMeant } = await import('#core/status/entries.ts');
    const { buildDocument, buildLines, watchBuilds } = await import('../build-outcome.ts');
    const { fileDocument, fileLines, stateOf } = await import('../ingest/file-results.ts');
    const { createProgress } = await import('../output/progress.ts');
    const progress = createProgress();
    const work = useLake(globals, { mode: 'change', onStage: progress.stage }, async ({ runtime }) => {
        const { context } = runtime;
        const entries = await allEntries(context.ledger);
        const chosen =
            object === undefined
                ? replayable(context, entries, { dataset: dataset as string, from, to })
                : [entryMeant(entries, object)];
        const outcome = await watchBuilds(runtime);
        await runtime.sweep();
        for (const entry of chosen) await replay(context, entry);
        await runtime.settle();
        const builds = await outcome();
        const results = await Promise.all(
            chosen.map(async ({ id, object: { key } }) => {
                return { name: key, entry: await context.ledger.find(id), known: false, problem: undefined };
            }),
        );
        const bad = results.some((result) => stateOf(result) !== 'accepted');
        const ok = !bad && builds.failures.length === 0;
        return {
            document: { files: results.map(fileDocument), ...buildDocument(builds), ok },
            lines: [
                `Read ${counted(results.length, 'file')} again.`,
                ...(results.length > 0 ? ['', ...fileLines(results), ''] : []),
                ...buildLines(builds, globals.lakeOption),
            ],
            code: ok ? (0 as const) : (1 as const),
        };
    });
    return work.finally(progress.done);
}
