import { Command } from 'commander';
import type { Vacuumed } from '#core/vacuum/vacuum.ts';
import { useAnyLake } from '../anywhere.ts';
import { answering, type Call, examples } from '../command.ts';
import { addGlobals, READS } from '../globals.ts';
import { wholeNumber } from '../numeric-options.ts';
import { bytes, count, counted } from '../output/numbers.ts';
import type { Answer } from '../output/output.ts';
import { table } from '../output/table.ts';

interface VacuumOptions {
    readonly keepDays: number;
    readonly dryRun?: boolean;
}

/** `cartlake vacuum` */
export function vacuumCommand(): Command {
    const command = new Command('vacuum')
        .description('Remove old versions of tables and files nobody needs any more; also beside a running build.')
        .option('--keep-days <days>', 'keep what readers saw in so many days', wholeNumber('days', 1), 30)
        .option('--dry-run', 'say what would be removed')
        .addHelpText(
            'after',
            examples(
                ['cartlake vacuum --dry-run', 'what there is to gain'],
                ['cartlake vacuum', 'keep a month of versions'],
                ['cartlake vacuum --keep-days 7', 'keep a week'],
                ['cartlake vacuum --target aws --stage prod', 'of a deployed pipeline'],
            ),
        )
        .action(answering(vacuumLake));
    return addGlobals(command, READS);
}

async function vacuumLake({ options: { keepDays, dryRun = false }, globals }: Call<VacuumOptions>): Promise<Answer> {
    const { vacuum } = await import('#core/vacuum/vacuum.ts');
    return useAnyLake(globals, { mode: 'read' }, async ({ context, files, tidy }) => {
        const scratch = dryRun ? 0 : await tidy();
        const done = await vacuum({ ...context, files }, { keepDays, dryRun });
        return { document: { keepDays, dryRun, scratch, ...done }, lines: vacuumLines(done, dryRun) };
    });
}

function vacuumLines({ versions, removed, files, bytes: size }: Vacuumed, dryRun: boolean): string[] {
    if (files === 0) return ['Nothing to remove: everything is needed, or younger than a day.'];
    const columns = [
        { heading: 'what' },
        { heading: 'files', align: 'right' as const },
        { heading: 'bytes', align: 'right' as const },
    ];
    const gone = Object.values(versions).reduce((sum, each) => sum + each, 0);
    return [
        `${dryRun ? 'Would remove' : 'Removed'} ${counted(files, 'file')} (${bytes(size)}), ${counted(gone, 'version')} of tables.`,
        '',
        ...table(
            columns,
            Object.entries(removed).map(([place, each]) => [place, count(each.files), bytes(each.bytes)]),
        ),
    ];
}
