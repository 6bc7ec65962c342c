import { Command } from 'commander';
import { useAnyLake } from '../anywhere.ts';
import { answering, type Call, examples } from '../command.ts';
import { addGlobals, EVERYWHERE } from '../globals.ts';
import { patienceOption } from '../numeric-options.ts';
import type { Answer } from '../output/output.ts';

interface RejectOptions {
    readonly because: string;
    readonly patience: number;
}

/** `cartlake reject OBJECT` */
export function rejectCommand(): Command {
    const command = new Command('reject')
        .description('Take a file out that should not have counted, and build without its rows. The file itself stays.')
        .argument('<id>', 'object id, its beginning, or a file name')
        .option('--because <text>', 'why, for whoever looks later', 'no reason given')
        .addOption(patienceOption())
        .addHelpText(
            'after',
            examples(
                ['cartlake reject events.csv --because "amounts in cents"', 'no table shows its rows any more'],
                ['cartlake replay --object events.csv', 'takes it in again'],
            ),
        )
        .action(answering(rejectObject));
    return addGlobals(command, EVERYWHERE);
}

async function rejectObject({ arguments: [id], options, globals }: Call<RejectOptions>): Promise<Answer> {
    const { buildNow } = await import('../build-now.ts');
    const { allEntries, entryMeant } = await import('#core/status/entries.ts');
    const { fileNameOf } = await import('#core/ledger/entry.ts');
    const { takeOut } = await import('#core/ingest/take-out.ts');
    const { counted } = await import('../output/numbers.ts');
    const { createProgress } = await import('../output/progress.ts');
    const progress = createProgress();
    const { because, patience } = options;
    const work = useAnyLake(globals, { mode: 'change', onStage: progress.stage, patience }, async (lake) => {
        const entry = entryMeant(await allEntries(lake.context.ledger), String(id));
        const rows = entry.state === 'rejected' ? 0 : (entry.staged?.rows.accepted ?? 0);
        await takeOut(lake.context, entry, because);
        const built = await buildNow(lake, globals.lakeOption);
        const line = `${fileNameOf(entry)} counts no more: ${counted(rows, 'row')} taken out.`;
        return {
            ...built,
            document: { object: entry.id, file: entry.object.key, rows, ...(built.document as object) },
            lines: [line, '', ...built.lines],
        };
    });
    return work.finally(progress.done);
}
