import { Command } from 'commander';
import type { VersionDifference } from '#core/history/diff.ts';
import { useAnyLake } from '../anywhere.ts';
import { answering, type Call, examples } from '../command.ts';
import { addGlobals, READS } from '../globals.ts';
import { wholeNumber } from '../numeric-options.ts';
import { count, counted } from '../output/numbers.ts';
import type { Answer } from '../output/output.ts';
import { printable } from '../output/style.ts';
import { shortened } from '../output/table.ts';

const WIDEST = 160;

/** `cartlake diff MODEL A B` */
export function diffCommand(): Command {
    const command = new Command('diff')
        .description("Rows added, removed and changed between two versions of a table, by the table's key.")
        .argument('<model>', 'name of the table')
        .argument('[before]', "a version's beginning, previous, current, or a moment (UTC)", 'previous')
        .argument('[after]', 'the same', 'current')
        .option('--limit <rows>', 'rows shown; 0 for counts alone', wholeNumber('rows', 0), 20)
        .addHelpText(
            'after',
            examples(
                ['cartlake diff sales_report', 'what the last change did'],
                ['cartlake diff sales_report 1b2c3d current', 'since a version (cartlake history)'],
                ['cartlake diff sales_report 2026-11-20 2026-11-21T10:00Z --json', 'between two moments'],
            ),
        )
        .action(answering(diff));
    return addGlobals(command, READS);
}

async function diff({ arguments: [name, from, to], options, globals }: Call<{ limit: number }>): Promise<Answer> {
    const { knownModel } = await import('../known-model.ts');
    const { short, versionMeant } = await import('#core/history/versions.ts');
    const { diffVersions } = await import('#core/history/diff.ts');
    return useAnyLake(globals, { mode: 'read' }, async ({ context, project }) => {
        const model = knownModel(project.graph, String(name));
        const before = await versionMeant(context.catalog, model.name, String(from));
        const after = await versionMeant(context.catalog, model.name, String(to));
        const found = await diffVersions(context.engine, model, { before, after }, options.limit);
        const heading = `${model.name}: ${short(before.id)} (${counted(before.rows, 'row')}) to ${short(after.id)} (${counted(after.rows, 'row')})`;
        return {
            document: { model: model.name, before: before.id, after: after.id, ...found },
            lines: [heading, ...differenceLines(found)],
        };
    });
}

function differenceLines(found: VersionDifference): string[] {
    const { added, removed, changed, changedColumns, columns, rows } = found;
    const total = added + removed + changed;
    const sorted = Object.entries(changedColumns).sort(([, a], [, b]) => b - a);
    const shape = [
        ...columns.added.map((name) => `column ${name} is new`),
        ...columns.removed.map((name) => `column ${name} is gone`),
        ...columns.retyped.map((name) => `column ${name} has another type`),
    ];
    return [
        total === 0
            ? 'No row differs.'
            : `${count(added)} added, ${count(removed)} removed, ${count(changed)} changed (by key).`,
        ...shape,
        ...(sorted.length > 0 ? [`Changed: ${sorted.map(([name, n]) => `${name} (${count(n)})`).join(', ')}`] : []),
        ...(rows.length > 0 ? [''] : []),
        ...rows.map(rowLine),
        ...(total > rows.length && rows.length > 0
            ? [`(the first ${rows.length} of ${count(total)}; --limit for more)`]
            : []),
    ];
}

const SIGNS = { added: '+', removed: '-', changed: '~' } as const;

function rowLine({ change, key, before, after }: VersionDifference['rows'][number]): string {
    const words = (values: Readonly<Record<string, unknown>>) =>
        Object.entries(values).map(([name, value]) => `${name}=${textOf(value)}`);
    const values =
        change === 'changed'
            ? Object.keys(after ?? {}).map((name) => `${name}: ${textOf(before?.[name])} -> ${textOf(after?.[name])}`)
            : words(after ?? before ?? {});
    return shortened(printable(`${SIGNS[change]} ${[...words(key), ...values].join('  ')}`), WIDEST);
}

function textOf(value: unknown): string {
    if (value === null || value === undefined) return 'null';
    return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
