import { Command } from 'commander';
import { answering, type Call, examples } from '../command.ts';
import { addGlobals, EVERYWHERE } from '../globals.ts';
import type { Answer } from '../output/output.ts';

/** `cartlake report [EXPERIMENT]` */
export function reportCommand(): Command {
    const command = new Command('report')
        .description('The decision about an experiment, in short, and where its page is.')
        .argument('[experiment]', 'its name; all of them without one')
        .addHelpText(
            'after',
            examples(
                ['cartlake report', 'every experiment'],
                ['cartlake report new_product_page --json', 'all numbers as JSON'],
            ),
        )
        .action(answering(report));
    return addGlobals(command, EVERYWHERE);
}

async function report({ arguments: [experiment], globals }: Call): Promise<Answer> {
    const name = experiment as string | undefined;
    if (globals.target) return (await import('../deployed/report.ts')).deployedReport(globals.target, name);
    const { useLake } = await import('../lake.ts');
    const { reportsOf } = await import('../report/reports.ts');
    const { reportAnswer } = await import('../report/answer.ts');
    return useLake(globals, { mode: 'read' }, async ({ runtime }) => {
        const reports = await reportsOf(runtime, globals.lake, name);
        return reportAnswer(reports);
    });
}
