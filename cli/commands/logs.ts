import { Command } from 'commander';
import { answering, type Call, examples } from '../command.ts';
import { addGlobals } from '../globals.ts';
import { timeSpan, wholeNumber } from '../numeric-options.ts';
import type { Answer } from '../output/output.ts';
import { requireTarget } from '../require-target.ts';

interface LogsOptions {
    /** Milliseconds. */
    readonly since: number;
    readonly limit: number;
}

/** `cartlake logs FUNCTION` */
export function logsCommand(): Command {
    const command = new Command('logs')
        .description('What a function of a deployed pipeline said, the newest last.')
        .argument('<function>', 'admit, probe, stage, register, plan, build, check, publish, sweep ...')
        .option('--since <time>', 'how far back: 30m, 2h, 1d', timeSpan, 3_600_000)
        .option('--limit <lines>', 'at most so many, the newest', wholeNumber('lines', 1), 100)
        .addHelpText(
            'after',
            examples(
                ['cartlake logs admit --target aws --stage prod', 'the last hour'],
                ['cartlake logs publish --since 2d --target localstack', 'of two days'],
            ),
        )
        .action(answering(logs));
    return addGlobals(command, ['json', 'target', 'stage']);
}

async function logs({ arguments: [name], options, globals }: Call<LogsOptions>): Promise<Answer> {
    const target = requireTarget(globals, 'logs');
    const since = new Date(Date.now() - options.since).toISOString();
    return (await import('../deployed/logs.ts')).deployedLogs(target, String(name), since, options.limit);
}
