import { Command } from 'commander';
import { answering, type Call, examples } from '../command.ts';
import { addGlobals } from '../globals.ts';
import { patienceOption } from '../numeric-options.ts';
import type { Answer } from '../output/output.ts';
import { requireTarget } from '../require-target.ts';

const NAMES = ['json', 'target', 'stage'] as const;

/** `cartlake dead-letters [list | redrive]` */
export function deadLettersCommand(): Command {
    const list = new Command('list').description('files whose notices were given up').action(answering(listLetters));
    const redrive = new Command('redrive')
        .description('have them admitted once more, and wait for what becomes of them')
        .addOption(patienceOption())
        .action(answering(redriveLetters));
    const command = new Command('dead-letters')
        .description('Files that landed in a deployed pipeline and could not be admitted.')
        .addHelpText(
            'after',
            examples(
                ['cartlake dead-letters --target aws --stage prod', 'which files they are'],
                ['cartlake logs admit --target aws --stage prod', 'why they could not be admitted'],
                ['cartlake dead-letters redrive --target aws --stage prod', 'once the cause is gone'],
            ),
        );
    command.addCommand(addGlobals(list, NAMES), { isDefault: true });
    command.addCommand(addGlobals(redrive, NAMES));
    return addGlobals(command, NAMES);
}

async function listLetters({ globals }: Call): Promise<Answer> {
    const target = requireTarget(globals, 'dead-letters');
    return (await import('../deployed/dead-letters.ts')).deployedDeadLetters(target);
}

async function redriveLetters({ globals, options, output }: Call<{ patience: number }>): Promise<Answer> {
    const target = requireTarget(globals, 'dead-letters');
    return (await import('../deployed/dead-letters.ts')).redriveDeadLetters(target, options.patience, output);
}
