import { rm } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { Command } from 'commander';
import { UsageError } from '#core/errors.ts';
import { answering, type Call, examples } from '../command.ts';
import { addGlobals } from '../globals.ts';
import type { Answer } from '../output/output.ts';

/** `cartlake clean` */
export function cleanCommand(): Command {
    const command = new Command('clean')
        .description('Stop the PostgreSQL of the lake and delete the lake with everything in it, after asking.')
        .option('-y, --yes', 'do not ask')
        .addHelpText('after', examples(['cartlake clean', ''], ['cartlake clean --yes --lake /tmp/try', '']))
        .action(answering(clean));
    return addGlobals(command, ['lake', 'json']);
}

async function clean({ options, globals }: Call<{ yes?: true }>): Promise<Answer> {
    const { inspectLake, notALake, someOf } = await import('../lake-folder.ts');
    const { createDatabaseServer } = await import('#embedded/database-server.ts');
    const { lake, lakeName } = globals;
    const found = await inspectLake(lake);
    if (found.kind === 'other') throw new UsageError(`${notALake(lakeName, found.foreign)} Nothing was deleted.`);
    if (found.kind === 'absent') {
        return { document: { deleted: null }, lines: [`There is no lake in ${lakeName}: nothing to delete.`] };
    }
    if (found.foreign.length > 0) {
        throw new UsageError(
            `${lakeName} also holds what is not the lake's: ${someOf(found.foreign)}. Nothing was deleted: ` +
                'move it elsewhere first, or delete the folder yourself.',
        );
    }
    if (!options.yes && !(await confirmed(`Delete ${lake} with all its files and tables? [y/N] `))) {
        return { document: { deleted: null }, lines: ['Nothing was deleted.'] };
    }
    const { own } = await createDatabaseServer(lake, undefined);
    await own?.stop();
    await rm(lake, { recursive: true, force: true });
    return { document: { deleted: lake }, lines: [`Deleted ${lakeName}.`] };
}

async function confirmed(question: string): Promise<boolean> {
    if (!process.stdin.isTTY) {
        throw new UsageError('There is nobody to ask: add --yes to delete the lake without asking.');
    }
    const terminal = createInterface({ input: process.stdin, output: process.stderr });
    try {
        return /^y(es)?$/i.test((await terminal.question(question)).trim());
    } finally {
        terminal.close();
    }
}
