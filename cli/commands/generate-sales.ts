import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import type { SalesOptions } from '#core/generate/sales/options.ts';
import { answering, type Call } from '../command.ts';
import { decimalNumber, isoDate, wholeNumber } from '../numeric-options.ts';
import type { Answer } from '../output/output.ts';

interface GenerateSalesOptions extends Omit<SalesOptions, 'startDate'> {
    readonly start?: string;
    readonly out: string;
}

/** `cartlake generate sales` */
export function generateSalesCommand(): Command {
    return new Command('sales')
        .description('weekly archives of events (week > day > part files), customers and products')
        .option('--weeks <number>', 'weekly archives', wholeNumber('weeks', 1), 50)
        .option('--seed <number>', 'everything random follows from it', wholeNumber('seeds', 0), 42)
        .option('--events-per-part <number>', 'events of a part; 35 parts a week', wholeNumber('events', 1), 100)
        .option('--customers <number>', 'customers of the shop', wholeNumber('customers', 1), 1000)
        .option('--products <number>', 'products of the shop', wholeNumber('products', 1), 200)
        .option('--dirty <share>', 'bad rows among the events, and bad parts: 0.01 is one in a hundred', decimalNumber)
        .option('--start <date>', 'a day of the first week', isoDate)
        .requiredOption('--out <dir>', 'folder for the files')
        .action(answering(generateSales));
}

async function generateSales({ options }: Call<GenerateSalesOptions>): Promise<Answer> {
    const { generateSales: make } = await import('#core/generate/sales/sales.ts');
    const { writeArchive } = await import('#adapters/archive/write.ts');
    const { asUsageError, writeFiles } = await import('../generate-files.ts');
    const { salesAnswer } = await import('../generate-sales-answer.ts');
    const { createProgress } = await import('../output/progress.ts');
    const { start, out, ...rest } = options;
    const sales = make({ ...rest, startDate: start });
    const progress = createProgress();
    try {
        const files = await writeFiles({ files: sales.files }, out, progress);
        const archives: { name: string; bytes: number }[] = [];
        await asUsageError(out, async () => {
            await mkdir(out, { recursive: true });
            for (const { name, files: inside } of sales.archives) {
                progress.say(name);
                archives.push({ name, bytes: await writeArchive(join(out, name), inside()) });
            }
        });
        return salesAnswer(sales.tally, files, archives, out);
    } finally {
        progress.done();
    }
}
