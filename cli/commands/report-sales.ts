import { Command } from 'commander';
import { useAnyLake } from '../anywhere.ts';
import { answering, type Call, examples } from '../command.ts';
import { addGlobals, EVERYWHERE } from '../globals.ts';
import type { Answer } from '../output/output.ts';

interface SalesOptions {
    readonly from?: string;
    readonly to?: string;
    readonly category?: string;
}

/** `cartlake report sales` */
export function reportSalesCommand(): Command {
    const command = new Command('sales')
        .description('What was sold, by category and customer segment: page, Excel, CSV and JSON.')
        .option('--from <day>', 'only sales from this day on')
        .option('--to <day>', 'only sales up to this day')
        .option('--category <name>', 'only sales of this category')
        .addHelpText(
            'after',
            examples(
                ['cartlake report sales', 'all sales'],
                ['cartlake report sales --from 2026-01-01 --to 2026-01-31 --category Books', 'a part of them'],
            ),
        )
        .action(answering<SalesOptions>(reportSales));
    return addGlobals(command, EVERYWHERE);
}

async function reportSales({ options, globals }: Call<SalesOptions>): Promise<Answer> {
    const { salesLines, salesReportOf } = await import('../report/sales.ts');
    const { from, to, category } = options;
    return useAnyLake(globals, { mode: 'read' }, async ({ context, addressOf }) => {
        const written = await salesReportOf(context, { from, to, category });
        const { report, meta, folder } = written;
        return { document: { ...report, meta, folder }, lines: salesLines(written, addressOf) };
    });
}
