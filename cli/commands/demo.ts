import { Command } from 'commander';
import { answering, type Call, examples } from '../command.ts';
import { addGlobals } from '../globals.ts';
import { wholeNumber } from '../numeric-options.ts';
import type { Answer } from '../output/output.ts';

/** `cartlake demo` */
export function demoCommand(): Command {
    const command = new Command('demo')
        .description('A made-up shop with an experiment, from files to a decision and a query in PostgreSQL.')
        .option('--users <number>', 'users of the shop', wholeNumber('users', 1), 1000)
        .option('--seed <number>', 'everything random follows from it', wholeNumber('seeds', 0), 42)
        .addHelpText(
            'after',
            examples(
                ['cartlake demo', ''],
                ['cartlake demo --users 20000 --lake /tmp/bigger', 'more users, surer answers'],
                ['cartlake clean', 'remove it'],
            ),
        )
        .action(answering(demo));
    return addGlobals(command);
}

async function demo({ options, globals, output }: Call<{ users: number; seed: number }>): Promise<Answer> {
    const { useLake } = await import('../lake.ts');
    const { runDemo } = await import('../demo/run-demo.ts');
    const { createProgress } = await import('../output/progress.ts');
    const progress = createProgress();
    const work = useLake(globals, { mode: 'create', onStage: progress.stage }, (lake) =>
        runDemo(lake, { ...options, globals, output, progress }),
    );
    return work.finally(progress.done);
}
