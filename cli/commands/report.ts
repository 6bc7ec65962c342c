import { Command } from 'commander';
import { answering, type Call, examples } from '../command.ts';
import { addGlobals } from '../globals.ts';
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
    return addGlobals(command);
}

async function report({ arguments: [experiment], globals }: Call): Promise<Answer> {
    const { useLake } = await import('../lake.ts');
    const { reportsOf } = await import('../report/reports.ts');
    const { briefLines } = await import('../report/brief.ts');
    return useLake(globals, { mode: 'read' }, async ({ runtime }) => {
        const reports = await reportsOf(runtime, globals.lake, experiment as string | undefined);
        const documents = reports.map(({ analysis }) => analysis);
        return {
            document: documents.length === 1 ? documents[0] : documents,
            lines: reports.flatMap(({ analysis, page }, index) => [
                ...(index === 0 ? [] : ['', '']),
                ...briefLines(analysis),
                '',
                `Page: ${page}`,
            ]),
        };
    });
}
