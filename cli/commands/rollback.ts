import { Command } from 'commander';
import { UsageError } from '#core/errors.ts';
import { useAnyLake } from '../anywhere.ts';
import { answering, type Call, examples } from '../command.ts';
import { addGlobals, EVERYWHERE } from '../globals.ts';
import { patienceOption } from '../numeric-options.ts';
import { count, minute } from '../output/numbers.ts';
import type { Answer } from '../output/output.ts';

interface RollbackOptions {
    readonly to?: string;
    readonly release?: true;
    readonly patience: number;
}

/** `cartlake rollback MODEL` */
export function rollbackCommand(): Command {
    const command = new Command('rollback')
        .description('Go back to an earlier version of a table, and rebuild and publish what depends on it.')
        .argument('<model>', 'name of the table')
        .option('--to <version>', 'a version or its beginning; the one before without it')
        .option('--release', 'let builds change the table again')
        .addOption(patienceOption())
        .addHelpText(
            'after',
            examples(
                ['cartlake rollback user_outcomes', 'the version before'],
                ['cartlake rollback user_outcomes --to 1b2c3d', 'a certain one'],
                ['cartlake rollback user_outcomes --release', 'back to what builds make'],
            ),
        )
        .action(answering(rollback));
    return addGlobals(command, EVERYWHERE);
}

async function rollback({ arguments: [name], options, globals }: Call<RollbackOptions>): Promise<Answer> {
    const { to, release, patience } = options;
    if (to !== undefined && release) throw new UsageError('Choose one: --to goes back, --release goes forward again.');
    const model = String(name);
    const { buildNow } = await import('../build-now.ts');
    const { knownModel } = await import('../known-model.ts');
    const { createProgress } = await import('../output/progress.ts');
    const progress = createProgress();
    const work = useAnyLake(globals, { mode: 'change', onStage: progress.stage, patience }, async (lake) => {
        const { catalog, now } = lake.context;
        knownModel(lake.project.graph, model);
        const before = await catalog.pointer(model);
        if (release && !before?.pinned)
            throw new UsageError(`${model} is not pinned: builds change it as they should.`);
        if (release) await catalog.release(model);
        else await catalog.rollback(model, now(), to);
        const pointer = (await catalog.pointer(model))?.current;
        const built = await buildNow(lake, globals.lakeOption);
        const words = release
            ? [`${model} follows the builds again.`]
            : [
                  `${model} is back at version ${pointer?.version.slice(0, 8)} (${count(pointer?.rows ?? 0)} rows, run ${pointer?.run}).`,
                  `It is pinned since ${minute(pointer?.promotedAt)} UTC: builds leave it alone until cartlake rollback ${model} --release${globals.lakeOption}`,
              ];
        const document = { model, pinned: !release, version: pointer?.version ?? null, ...(built.document as object) };
        return { ...built, document, lines: [...words, '', ...built.lines] };
    });
    return work.finally(progress.done);
}
