import { Command } from 'commander';
import { examples } from '../command.ts';
import { experimentAnalyseCommand } from './experiment-analyse.ts';
import { experimentCheckCommand, experimentNewCommand } from './experiment-files.ts';
import { experimentPlanCommand } from './experiment-plan.ts';
import { experimentReplayCommand } from './experiment-replay.ts';
import { reportCommand } from './report.ts';

/** `cartlake experiment new|plan|check|report|analyse|replay` */
export function experimentCommand(): Command {
    const command = new Command('experiment')
        .description('Experiments: plan them, check the plans, read the decision, analyse a file of your own.')
        .addHelpText(
            'after',
            examples(
                ['cartlake experiment new new_product_page', 'a plan file to fill in'],
                ['cartlake experiment plan new_product_page', 'how many users it needs, and for how long'],
                ['cartlake experiment check', 'all plan files, with line numbers'],
                ['cartlake experiment report new_product_page', 'the decision'],
                ['cartlake experiment analyse test.csv --arm variant --metric spend', 'any table of units'],
                ['cartlake experiment replay 1f0c9a52d0b1c3e4', 'the same JSON again'],
            ),
        );
    for (const make of [
        experimentNewCommand,
        experimentPlanCommand,
        experimentCheckCommand,
        reportCommand,
        experimentAnalyseCommand,
        experimentReplayCommand,
    ]) {
        command.addCommand(make());
    }
    return command;
}
