import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { examples } from './command.ts';
import { addGlobals, EVERYWHERE } from './globals.ts';

/** Loads a command. */
type Load = () => Promise<Command>;

/** Each command is loaded when it is typed: most of a short command's time is the loading of sources. */
const GROUPS: readonly (readonly [heading: string, commands: Readonly<Record<string, Load>>])[] = [
    [
        'Start here:',
        {
            demo: async () => (await import('./commands/demo.ts')).demoCommand(),
            ingest: async () => (await import('./commands/ingest.ts')).ingestCommand(),
            extract: async () => (await import('./commands/extract.ts')).extractCommand(),
            report: reportsCommand,
        },
    ],
    [
        'Look:',
        {
            status: async () => (await import('./commands/status.ts')).statusCommand(),
            plan: async () => (await import('./commands/plan.ts')).planCommand(),
            sql: async () => (await import('./commands/sql.ts')).sqlCommand(),
            psql: async () => (await import('./commands/psql.ts')).psqlCommand(),
            quarantine: async () => (await import('./commands/quarantine.ts')).quarantineCommand(),
            executions: async () => (await import('./commands/executions.ts')).executionsCommand(),
        },
    ],
    [
        'Look back:',
        {
            history: async () => (await import('./commands/history.ts')).historyCommand(),
            diff: async () => (await import('./commands/diff.ts')).diffCommand(),
            lineage: async () => (await import('./commands/lineage.ts')).lineageCommand(),
            openlineage: async () => (await import('./commands/openlineage.ts')).openlineageCommand(),
        },
    ],
    [
        'Change:',
        {
            build: async () => (await import('./commands/build.ts')).buildCommand(),
            replay: async () => (await import('./commands/replay.ts')).replayCommand(),
            reject: async () => (await import('./commands/reject.ts')).rejectCommand(),
            backfill: async () => (await import('./commands/backfill.ts')).backfillCommand(),
            rollback: async () => (await import('./commands/rollback.ts')).rollbackCommand(),
            vacuum: async () => (await import('./commands/vacuum.ts')).vacuumCommand(),
            stop: async () => (await import('./commands/stop.ts')).stopCommand(),
            clean: async () => (await import('./commands/clean.ts')).cleanCommand(),
        },
    ],
    [
        'Deployed pipelines:',
        {
            logs: async () => (await import('./commands/logs.ts')).logsCommand(),
            'dead-letters': async () => (await import('./commands/dead-letters.ts')).deadLettersCommand(),
            sweep: async () => (await import('./commands/sweep.ts')).sweepCommand(),
        },
    ],
    [
        'Make and check:',
        {
            experiment: async () => (await import('./commands/experiment.ts')).experimentCommand(),
            generate: async () => (await import('./commands/generate.ts')).generateCommand(),
            contracts: async () => (await import('./commands/contracts.ts')).contractsCommand(),
        },
    ],
];

/** An experiment called sales is found by `cartlake experiment report sales`. */
async function reportsCommand(): Promise<Command> {
    const { reportCommand } = await import('./commands/report.ts');
    const { reportSalesCommand } = await import('./commands/report-sales.ts');
    return reportCommand().addCommand(reportSalesCommand());
}

/**
 * The command line; errors are thrown, not exited on. With the first word that was typed, where that names a command,
 * it has that command alone.
 */
export async function createProgram(typed?: string): Promise<Command> {
    const program = addGlobals(new Command('cartlake'), EVERYWHERE)
        .description('From the raw files of a shop to clean tables, experiment decisions and a PostgreSQL to query.')
        .version(version(), '-V, --version', 'the version of Cartlake')
        .helpOption('-h, --help', 'help for a command')
        .helpCommand(false)
        .showSuggestionAfterError()
        .addHelpText(
            'after',
            examples(
                ['cartlake demo', 'a made-up shop, from files to a decision'],
                ['cartlake ingest data/ && cartlake report', 'your own files'],
                ['cartlake sql "select * from fct_events limit 5"', 'look at any table'],
                ['cartlake ingest --help', 'help and examples of a command'],
            ),
        );
    const isAlone = GROUPS.some(([, commands]) => typed !== undefined && Object.hasOwn(commands, typed));
    for (const [heading, commands] of GROUPS) {
        program.commandsGroup(heading);
        const wanted = Object.entries(commands).filter(([name]) => !isAlone || name === typed);
        for (const command of await Promise.all(wanted.map(([, load]) => load()))) program.addCommand(command);
    }
    for (const command of everyCommand(program)) command.exitOverride();
    return program;
}

function* everyCommand(command: Command): Generator<Command> {
    yield command;
    for (const child of command.commands) yield* everyCommand(child);
}

function version(): string {
    const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
    return (JSON.parse(text) as { version: string }).version;
}
