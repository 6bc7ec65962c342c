import { Command } from 'commander';
import { UsageError } from '#core/errors.ts';
import type { Trace } from '#core/lineage/trace.ts';
import { useAnyLake } from '../anywhere.ts';
import { answering, type Call, examples } from '../command.ts';
import { addGlobals, READS } from '../globals.ts';
import { count, counted, minute } from '../output/numbers.ts';
import type { Answer } from '../output/output.ts';
import { printable } from '../output/style.ts';

/** `cartlake lineage MODEL column=value...` */
export function lineageCommand(): Command {
    const command = new Command('lineage')
        .description('Where rows of a table come from: the run that made them, the files and the lines in them.')
        .argument('<model>', 'name of the table')
        .argument('<values...>', "values of its columns, such as its key's: event_id=42")
        .addHelpText(
            'after',
            examples(
                ['cartlake lineage fct_events event_id=42', 'the line of an event'],
                ['cartlake lineage user_outcomes user_id=7 --json', 'the lines of a user, through the inputs'],
            ),
        )
        .action(answering(lineage));
    return addGlobals(command, READS);
}

async function lineage({ arguments: [name, values], globals }: Call): Promise<Answer> {
    const wanted = Object.fromEntries((values as string[]).map(pairOf));
    const { knownModel } = await import('../known-model.ts');
    const { traceRows } = await import('#core/lineage/trace.ts');
    return useAnyLake(globals, { mode: 'read' }, async ({ context, project }) => {
        const trace = await traceRows(context, knownModel(project.graph, String(name)), wanted);
        return { document: trace, lines: traceLines(trace) };
    });
}

function pairOf(text: string): [string, string] {
    const at = text.indexOf('=');
    if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
    throw new UsageError(`Expected a column and its value, such as event_id=42, found "${text}".`);
}

function traceLines({ model, version, run, builtAt, rows, how, steps }: Trace): string[] {
    return [
        `${counted(rows.length, 'row')} of ${model}, version ${version.slice(0, 8)}, built by ${run} at ${minute(builtAt)} UTC (cartlake executions ${run})`,
        WORDS[how],
        ...steps.flatMap(({ relation, where, origins }) => [
            '',
            `${relation}, ${Object.entries(where)
                .map((pair) => printable(pair.join('=')))
                .join(' ')}:`,
            ...origins.map(
                ({ uri, row, object, landedAt }) =>
                    `  ${printable(uri)}, row ${count(row)}` +
                    (object === undefined ? '' : `, object ${object.slice(0, 8)}, landed ${minute(landedAt)} UTC`),
            ),
        ]),
    ];
}

const WORDS = {
    exact: 'They come from these lines:',
    by_values:
        'They are computed from more than one line. Lines of its inputs with the same values, the first of each:',
    unknown:
        'They are computed from rows that have none of these columns; name the input: cartlake plan, cartlake sql.',
} as const;
