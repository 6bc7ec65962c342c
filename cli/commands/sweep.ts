import { Command } from 'commander';
import { answering, type Call, examples } from '../command.ts';
import { addGlobals } from '../globals.ts';
import { patienceOption } from '../numeric-options.ts';
import type { Answer } from '../output/output.ts';
import { requireTarget } from '../require-target.ts';

interface SweepOptions {
    readonly landed?: true;
    readonly patience: number;
}

/** `cartlake sweep` */
export function sweepCommand(): Command {
    const command = new Command('sweep')
        .description('Restart what got stuck in a deployed pipeline now, not in five minutes, and wait for its end.')
        .option('--landed', 'also look through the landing bucket for files the pipeline never heard of')
        .addOption(patienceOption())
        .addHelpText(
            'after',
            examples(
                ['cartlake sweep --target aws --stage prod', 'ingests and builds that died'],
                ['cartlake sweep --landed --target aws --stage prod', 'and files whose event was lost'],
            ),
        )
        .action(answering(sweep));
    return addGlobals(command, ['json', 'target', 'stage']);
}

async function sweep({ options, globals, output }: Call<SweepOptions>): Promise<Answer> {
    const target = requireTarget(globals, 'sweep');
    return (await import('../deployed/sweep.ts')).deployedSweep(target, options, output);
}
