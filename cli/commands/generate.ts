import { Command } from 'commander';
import type { ShopOptions } from '#core/generate/options.ts';
import { answering, type Call, examples } from '../command.ts';
import { addGlobals } from '../globals.ts';
import { decimalNumber, isoDate, wholeNumber } from '../numeric-options.ts';
import type { Answer } from '../output/output.ts';
import { generateSalesCommand } from './generate-sales.ts';

interface GenerateOptions extends Omit<ShopOptions, 'startDate'> {
    readonly start?: string;
    readonly out: string;
    readonly day?: number;
}

/** `cartlake generate shop | day | sales` */
export function generateCommand(): Command {
    const shop = shopOptions(new Command('shop').description('users, products, assignments, sessions and events'));
    const day = shopOptions(new Command('day').description("one more day of a shop's sessions and events")).option(
        '--day <number>',
        'which day after the last one of the shop',
        wholeNumber('days', 1),
        1,
    );
    const command = new Command('generate')
        .description('Make the files of a made-up shop of any size. Equal options make equal files.')
        .addHelpText(
            'after',
            examples(
                ['cartlake generate shop --users 100000 --seed 1 --out shop', ''],
                [
                    'cartlake generate shop --users 1000 --seed 1 --effect 0.1 --dirty 0.01 --out shop',
                    'with an effect and dirt',
                ],
                ['cartlake generate day --users 1000 --seed 1 --day 2 --out shop', 'the second day after'],
                ['cartlake generate sales --weeks 50 --seed 7 --out sales', 'weekly archives of part files'],
            ),
        );
    command.addCommand(addGlobals(shop.action(answering(generate)), ['json']));
    command.addCommand(addGlobals(day.action(answering(generate)), ['json']));
    command.addCommand(addGlobals(generateSalesCommand(), ['json']));
    return command;
}

function shopOptions(command: Command): Command {
    return command
        .option('--users <number>', 'users of the shop', wholeNumber('users', 1), 1000)
        .option('--seed <number>', 'everything random follows from it', wholeNumber('seeds', 0), 42)
        .requiredOption('--out <dir>', 'folder for the files')
        .option('--effect <share>', 'change of the share of buyers by the treatment: 0.1 is +10 %', decimalNumber)
        .option('--dirty <share>', 'bad rows among the events: 0.01 is one in a hundred', decimalNumber)
        .option('--days <number>', 'length of the shop in days', wholeNumber('days', 1))
        .option('--sessions-per-user <number>', 'mean number of sessions', wholeNumber('sessions', 1))
        .option('--start <date>', 'first day of the shop', isoDate);
}

async function generate({ options }: Call<GenerateOptions>): Promise<Answer> {
    const { generateShop } = await import('#core/generate/shop.ts');
    const { generateEventsDay } = await import('#core/generate/day.ts');
    const { manifestAnswer, writeFiles } = await import('../generate-files.ts');
    const { createProgress } = await import('../output/progress.ts');
    const { start, out, day, ...rest } = options;
    const shop: ShopOptions = { ...rest, startDate: start };
    const generated = day === undefined ? generateShop(shop) : generateEventsDay(shop, day);
    const progress = createProgress();
    const written = await writeFiles(generated, out, progress).finally(progress.done);
    return manifestAnswer(generated, written, out);
}
