import { Command } from 'commander';
import { useAnyLake } from '../anywhere.ts';
import { answering, type Call, examples } from '../command.ts';
import { addGlobals, READS } from '../globals.ts';
import { bytes, count, minute } from '../output/numbers.ts';
import type { Answer } from '../output/output.ts';
import { table } from '../output/table.ts';

const COLUMNS = [
    { heading: 'version' },
    { heading: 'seen from (UTC)' },
    { heading: 'until' },
    { heading: 'run' },
    { heading: 'rows', align: 'right' },
    { heading: 'bytes', align: 'right' },
    { heading: 'content' },
    { heading: '' },
] as const;

/** `cartlake history MODEL` */
export function historyCommand(): Command {
    const command = new Command('history')
        .description('The versions of a table: when readers saw each, and which run made it.')
        .argument('<model>', 'name of the table')
        .addHelpText(
            'after',
            examples(
                ['cartlake history sales_report', 'newest first'],
                ['cartlake diff sales_report previous current', 'what changed'],
                ['cartlake rollback sales_report --to 1b2c3d', 'go back to one'],
            ),
        )
        .action(answering(history));
    return addGlobals(command, READS);
}

async function history({ arguments: [name], globals }: Call): Promise<Answer> {
    const { knownModel } = await import('../known-model.ts');
    const { historyOf, short } = await import('#core/history/versions.ts');
    return useAnyLake(globals, { mode: 'read' }, async ({ context, project }) => {
        const model = knownModel(project.graph, String(name)).name;
        const entries = await historyOf(context.catalog, model);
        const rows = entries.map((entry) => [
            short(entry.version),
            minute(entry.promotedAt),
            minute(entry.until),
            entry.run,
            count(entry.rows),
            entry.bytes === undefined ? '-' : bytes(entry.bytes),
            entry.content === undefined ? '-' : short(entry.content),
            entry.pinned ? 'current, pinned' : entry.current ? 'current' : entry.kept ? '' : 'removed',
        ]);
        return {
            document: { model, versions: entries },
            lines: [...table(COLUMNS, rows), '', `Compare: cartlake diff ${model} previous current`],
        };
    });
}
