import { Command } from 'commander';
import { UsageError } from '#core/errors.ts';
import { answering, type Call, examples } from '../command.ts';
import { addGlobals } from '../globals.ts';
import { wholeNumber } from '../numeric-options.ts';
import type { Answer } from '../output/output.ts';

interface ExecutionsOptions {
    readonly limit: number;
}

/** `cartlake executions [ID]` */
export function executionsCommand(): Command {
    const command = new Command('executions')
        .description('What the state machines did: a list, or one execution as a tree of its states.')
        .argument('[id]', 'name of an execution, or its beginning')
        .option('--limit <number>', 'length of the list', wholeNumber('executions', 1), 20)
        .addHelpText(
            'after',
            examples(
                ['cartlake executions', 'the last ones, newest first'],
                ['cartlake executions build-3', 'one, with what each state took'],
                ['cartlake executions --target localstack', 'those of a deployed pipeline'],
            ),
        )
        .action(answering(executions));
    return addGlobals(command, ['lake', 'json', 'target', 'stage']);
}

async function executions({ arguments: [id], options, globals }: Call<ExecutionsOptions>): Promise<Answer> {
    if (globals.target) {
        const { deployedExecutions } = await import('../deployed/executions.ts');
        return deployedExecutions(globals.target, id as string | undefined, options.limit);
    }
    const { requireLake } = await import('../lake-folder.ts');
    const { createExecutionStore } = await import('#embedded/asl/execution-store.ts');
    const { listAnswer, treeAnswer } = await import('../executions-answer.ts');
    await requireLake(globals.lake, globals.lakeName);
    const store = createExecutionStore(globals.lake);
    if (id === undefined) {
        const records = store.list({ limit: options.limit });
        const files = await fileNames(globals.lake, records);
        return listAnswer(records, ({ input }) => files.get(idOf(input)) ?? '');
    }
    const wanted = String(id);
    const found = store.list().filter(({ machine, name }) => {
        return name.startsWith(wanted) || `${machine}/${name}`.startsWith(wanted);
    });
    const exact = found.filter(({ name }) => name === wanted);
    // Builds of one request are build-3-1, build-3-2: the last one is what became of it.
    const [execution] = exact.length > 0 ? exact : found;
    if (execution === undefined) {
        throw new UsageError(`There is no execution "${wanted}". What there is: cartlake executions`);
    }
    return treeAnswer(execution, store.events(`${execution.machine}/${execution.name}`));
}

/** The ledger id in an ingest execution's input. */
function idOf(input: unknown): string {
    const { id } = (input ?? {}) as { id?: unknown };
    return typeof id === 'string' ? id : '';
}

/** File names by ledger id. */
async function fileNames(lake: string, records: readonly { readonly input: unknown }[]): Promise<Map<string, string>> {
    const { createFolderControl } = await import('#adapters/folder/control.ts');
    const { createLedger } = await import('#core/ledger/ledger.ts');
    const { fileNameOf } = await import('#core/ledger/entry.ts');
    const ledger = createLedger(createFolderControl(lake), () => new Date().toISOString());
    const names = new Map<string, string>();
    for (const { input } of records) {
        const entry = idOf(input) === '' ? undefined : await ledger.find(idOf(input));
        if (entry) names.set(entry.id, fileNameOf(entry));
    }
    return names;
}
