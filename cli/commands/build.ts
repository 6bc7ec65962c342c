import { Command } from 'commander';
import { answering, type Call, examples } from '../command.ts';
import { addGlobals } from '../globals.ts';
import type { Answer } from '../output/output.ts';

/** `cartlake build` */
export function buildCommand(): Command {
    const command = new Command('build')
        .description('Bring every table, the published copies and the reports up to date; also after a failure.')
        .addHelpText(
            'after',
            examples(
                ['cartlake build', 'build what changed, publish what is behind'],
                ['cartlake plan', 'see first what that would be'],
                ['cartlake build --set events.price_reading=unit_list', 'read prices otherwise from now on'],
            ),
        )
        .action(answering(build));
    return addGlobals(command);
}

async function build({ globals }: Call): Promise<Answer> {
    const { useLake } = await import('../lake.ts');
    const { buildNow } = await import('../build-now.ts');
    const { createProgress } = await import('../output/progress.ts');
    const progress = createProgress();
    const answer = useLake(globals, { mode: 'change', onStage: progress.stage }, ({ runtime }) =>
        buildNow(runtime, globals.lakeOption),
    );
    return answer.finally(progress.done);
}
