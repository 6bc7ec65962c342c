import { resolve } from 'node:path';
import { Command } from 'commander';
import { useAnyLake } from '../anywhere.ts';
import { answering, type Call, examples } from '../command.ts';
import { addGlobals, EVERYWHERE, READS } from '../globals.ts';
import { wholeNumber } from '../numeric-options.ts';
import { counted } from '../output/numbers.ts';
import type { Answer } from '../output/output.ts';
import { redriveCommand } from './quarantine-redrive.ts';

/** `cartlake quarantine [list | show ID | export ID --out FILE | redrive FILE]` */
export function quarantineCommand(): Command {
    const limit = ['--limit <rows>', 'rows shown', wholeNumber('rows', 1), 20] as const;
    const list = new Command('list').description('files with rejected rows').action(answering(listObjects));
    const show = new Command('show')
        .description('rejected rows of a file, with reasons and text')
        .argument('<id>', 'object id, its beginning, or a file name')
        .option(...limit)
        .action(answering(showRows));
    const save = new Command('export')
        .description('write all rejected rows of a file, a column a field, to correct them and redrive them')
        .argument('<id>', 'object id, its beginning, or a file name')
        .requiredOption('--out <file>', 'ends in .csv, .parquet or .ndjson')
        .action(answering(exportRows));
    const command = new Command('quarantine')
        .description('Rows that did not fit their contract, and why.')
        .addHelpText(
            'after',
            examples(
                ['cartlake quarantine', 'files with rejected rows'],
                ['cartlake quarantine show events.csv', 'rows with line, reasons and text'],
                ['cartlake quarantine export 1b2c3d --out bad.csv', 'all of them, to correct them in bad.csv'],
                ['cartlake quarantine redrive bad.csv', 'judge the corrected rows, then build'],
            ),
        );
    for (const [sub, isDefault] of [[list, true] as const, [show, false] as const, [save, false] as const]) {
        command.addCommand(addGlobals(sub, READS), { isDefault });
    }
    command.addCommand(addGlobals(redriveCommand(), EVERYWHERE));
    return addGlobals(command, READS);
}

async function listObjects({ globals }: Call): Promise<Answer> {
    const { allEntries, entryMeant } = await import('#core/status/entries.ts');
    const { quarantinedObjects, quarantinedRows } = await import('#core/status/quarantine.ts');
    const { objectLines, rowLines } = await import('../quarantine-lines.ts');
    return useAnyLake(globals, { mode: 'read' }, async ({ context }) => {
        const entries = await allEntries(context.ledger);
        const objects = quarantinedObjects(entries);
        const [only] = objects;
        // With one file there is nothing to choose: its rows are what was asked for.
        const rows =
            only && objects.length === 1 && only.rejected > 0
                ? await quarantinedRows(context.engine, entryMeant(entries, only.id), 5)
                : [];
        return {
            document: objects,
            lines: [
                ...objectLines(objects),
                ...(only && rows.length > 0 ? ['', ...rowLines(rows, only.rejected, only.file)] : []),
            ],
        };
    });
}

async function showRows({ arguments: [id], options, globals }: Call<{ limit: number }>): Promise<Answer> {
    const { allEntries, entryMeant } = await import('#core/status/entries.ts');
    const { fileNameOf } = await import('#core/ledger/entry.ts');
    const { quarantinedRows } = await import('#core/status/quarantine.ts');
    const { rowLines } = await import('../quarantine-lines.ts');
    const { reasonLines, reasonWords } = await import('../reasons.ts');
    return useAnyLake(globals, { mode: 'read' }, async ({ context }) => {
        const entry = entryMeant(await allEntries(context.ledger), String(id));
        const rows = await quarantinedRows(context.engine, entry, options.limit);
        const words = rows.map((row) => ({ ...row, words: row.reasons.map(reasonWords) }));
        const total = entry.staged?.rows.rejected ?? rows.length;
        return {
            document: { object: entry.id, file: entry.object.key, rejected: total, rows: words },
            lines: [...rowLines(rows, total, fileNameOf(entry)), '', ...reasonLines(entry.staged?.reasons ?? {})],
        };
    });
}

async function exportRows({ arguments: [id], options, globals }: Call<{ out: string }>): Promise<Answer> {
    const { allEntries, entryMeant } = await import('#core/status/entries.ts');
    const { quarantineFile } = await import('#core/status/quarantine.ts');
    const { createDatabase } = await import('#adapters/duckdb/database.ts');
    const { exportQuarantine } = await import('#adapters/duckdb/quarantine-files.ts');
    return useAnyLake(globals, { mode: 'read' }, async ({ context, temporary }) => {
        const entry = entryMeant(await allEntries(context.ledger), String(id));
        const { paths, release } = await context.blobs.open([quarantineFile(entry)]);
        const database = createDatabase({ temporary });
        try {
            const target = resolve(options.out);
            const rows = await exportQuarantine(database, {
                quarantinePath: paths[0] as string,
                object: entry.id,
                target,
            });
            return {
                document: { file: target, rows },
                lines: [
                    `Wrote ${counted(rows, 'row')} to ${options.out}.`,
                    `Correct them there, then: cartlake quarantine redrive ${options.out}${globals.lakeOption}`,
                ],
            };
        } finally {
            database.close();
            await release();
        }
    });
}
