import { Command } from 'commander';
import { answering, type Call, examples } from '../command.ts';
import { addGlobals } from '../globals.ts';
import type { Answer } from '../output/output.ts';

interface PsqlOptions {
    readonly command?: string;
}

/** `cartlake psql` */
export function psqlCommand(): Command {
    const command = new Command('psql')
        .description(
            'Start the PostgreSQL of the lake and leave it running for your own tools, or ask it one question.',
        )
        .option('-c, --command <statement>', 'run one statement that reads, and leave the server as it was')
        .addHelpText(
            'after',
            examples(
                ['cartlake psql', 'start it, and say how to connect'],
                ['cartlake psql -c "select count(*) from user_exposure"', ''],
                ['psql "$(cartlake psql --json | jq -r .url)"', 'your own psql'],
                ['cartlake stop', 'stop it'],
            ),
        )
        .action(answering(psql));
    return addGlobals(command);
}

const TABLES = `
    select table_name, obj_description(format('marts.%I', table_name)::regclass) as about
    from information_schema.tables where table_schema = 'marts' order by table_name`;

async function psql({ options, globals, output }: Call<PsqlOptions>): Promise<Answer | undefined> {
    const { useLake } = await import('../lake.ts');
    const { selectRows } = await import('#adapters/postgres/query.ts');
    const { postgresRows } = await import('../sql/postgres-rows.ts');
    const { tableLines, writeJson } = await import('../sql/rows.ts');
    const { table } = await import('../output/table.ts');
    return useLake(globals, { mode: 'read' }, async ({ runtime: { database } }) => {
        if (options.command !== undefined) {
            const rows = postgresRows(await selectRows(await database.url(), options.command));
            if (output.json) await writeJson(output, rows);
            else for (const line of await tableLines(rows, Infinity)) output.line(line);
            return undefined;
        }
        await database.own?.keep();
        const url = await database.url();
        const { rows } = await selectRows(url, TABLES);
        const state = database.own ? 'PostgreSQL is running and stays so until cartlake stop.' : 'PostgreSQL is yours.';
        return {
            document: { url, tables: rows.map(([name]) => `marts.${name}`) },
            lines: [
                state,
                '',
                `  psql "${url}"`,
                '',
                ...(rows.length === 0
                    ? ['Nothing is published yet: cartlake build']
                    : table(
                          [{ heading: 'table' }, { heading: 'what it is' }],
                          rows.map(([name, about]) => [`marts.${name}`, about ?? '']),
                      )),
            ],
        };
    });
}
