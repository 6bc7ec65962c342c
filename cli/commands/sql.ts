import { Command } from 'commander';
import { useAnyLake } from '../anywhere.ts';
import { answering, type Call, examples } from '../command.ts';
import { addGlobals, EVERYWHERE } from '../globals.ts';
import { moment, wholeNumber } from '../numeric-options.ts';
import type { Answer } from '../output/output.ts';

interface SqlOptions {
    readonly csv?: true;
    readonly limit: number;
    readonly asOf?: string;
}

/** `cartlake sql "select ..."` */
export function sqlCommand(): Command {
    const command = new Command('sql')
        .description('Ask a question of all tables, views and datasets of the lake, with DuckDB. Reads only.')
        .argument('[statement]', 'one SELECT (- reads it from standard input); without one: what can be asked')
        .option('--csv', 'all rows as CSV')
        .option('--limit <rows>', 'rows shown as a table; 0 for all', wholeNumber('rows', 0), 50)
        .option('--as-of <moment>', 'tables as readers saw them then: 2026-11-20 or 2026-11-20T10:00:00Z (UTC)', moment)
        .addHelpText(
            'after',
            examples(
                ['cartlake sql', 'names and meanings of everything'],
                ['cartlake sql "describe fct_events"', 'columns of a table'],
                ['cartlake sql "select sum(net_revenue) from fct_events"', ''],
                ['cartlake sql --as-of 2026-11-20T10:00Z "from sales_report"', 'a table as it was then'],
                ['cartlake sql --csv "from fct_sessions" > sessions.csv', 'all rows'],
            ),
        )
        .action(answering(sql));
    return addGlobals(command, EVERYWHERE);
}

async function sql(call: Call<SqlOptions>): Promise<Answer | undefined> {
    const {
        arguments: [statement],
        options,
        globals,
        output,
    } = call;
    const { openExplorer } = await import('#adapters/duckdb/explore.ts');
    const { namedIn, relationsOf } = await import('../sql/relations.ts');
    const { namesAnswer, suggestNames, textOfInput } = await import('../sql/names.ts');
    const { writeCsv, writeJson, tableLines } = await import('../sql/rows.ts');
    return useAnyLake(globals, { mode: 'read' }, async ({ context, temporary }) => {
        const { relations, lost } = await relationsOf(context, options.asOf);
        if (lost.length > 0) {
            output.note(`What readers saw then is not kept any more of ${lost.join(', ')} (cartlake history MODEL).`);
        }
        if (statement === undefined) return namesAnswer(relations);
        const text = statement === '-' ? await textOfInput() : String(statement);
        // Files of a deployed pipeline are downloaded, those of a folder are there.
        const opened = globals.target ? namedIn(text, relations) : relations;
        const { blobs } = context;
        const explorer = await openExplorer({ relations: opened, blobs, temporary, memory: globals.memory });
        try {
            const answered = await explorer.ask(text).catch((error: unknown) => suggestNames(error, relations));
            if (output.json) await writeJson(output, answered);
            else if (options.csv) await writeCsv(output, answered);
            else for (const line of await tableLines(answered, options.limit || Infinity)) output.line(line);
            return undefined;
        } finally {
            explorer.close();
        }
    });
}
