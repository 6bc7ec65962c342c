import { Command } from 'commander';
import { UsageError } from '#core/errors.ts';
import { answering, type Call, examples } from '../command.ts';
import { addGlobals } from '../globals.ts';
import type { Answer } from '../output/output.ts';

/** `cartlake stop` */
export function stopCommand(): Command {
    const command = new Command('stop')
        .description('Stop the PostgreSQL of the lake, whoever uses it. Nothing is lost.')
        .addHelpText('after', examples(['cartlake stop', ''], ['cartlake psql', 'start it again']))
        .action(answering(stop));
    return addGlobals(command, ['lake', 'postgres', 'json']);
}

async function stop({ globals }: Call): Promise<Answer> {
    const { requireLake } = await import('../lake-folder.ts');
    const { createDatabaseServer } = await import('#embedded/database-server.ts');
    const { own } = await createDatabaseServer(globals.lake, globals.postgres);
    if (!own) throw new UsageError('The PostgreSQL named by --postgres is your own: stop it where you started it.');
    await requireLake(globals.lake, globals.lakeName);
    const { running } = await own.status();
    await own.stop();
    return {
        document: { stopped: running },
        lines: [running ? 'PostgreSQL is stopped.' : 'PostgreSQL was not running.'],
    };
}
