import { Command } from 'commander';
import { useAnyLake } from '../anywhere.ts';
import { answering, type Call, examples } from '../command.ts';
import { addGlobals, EVERYWHERE } from '../globals.ts';
import { patienceOption } from '../numeric-options.ts';
import type { Answer } from '../output/output.ts';

interface BuildOptions {
    readonly patience: number;
}

/** `cartlake build` */
export function buildCommand(): Command {
    const command = new Command('build')
        .description('Bring every table, the published copies and the reports up to date; also after a failure.')
        .addOption(patienceOption())
        .addHelpText(
            'after',
            examples(
                ['cartlake build', 'build what changed, publish what is behind'],
                ['cartlake plan', 'see first what that would be'],
                ['cartlake build --target aws', 'ask a deployed pipeline for a build'],
                ['cartlake build --set events.price_reading=unit_list', 'read prices otherwise from now on'],
            ),
        )
        .action(answering(build));
    return addGlobals(command, EVERYWHERE);
}

async function build({ options: { patience }, globals }: Call<BuildOptions>): Promise<Answer> {
    const { buildNow } = await import('../build-now.ts');
    const { createProgress } = await import('../output/progress.ts');
    const progress = createProgress();
    const answer = useAnyLake(globals, { mode: 'change', onStage: progress.stage, patience }, (lake) =>
        buildNow(lake, globals.lakeOption),
    );
    return answer.finally(progress.done);
}
