import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { examples } from './command.ts';
import { backfillCommand } from './commands/backfill.ts';
import { buildCommand } from './commands/build.ts';
import { cleanCommand } from './commands/clean.ts';
import { contractsCommand } from './commands/contracts.ts';
import { deadLettersCommand } from './commands/dead-letters.ts';
import { demoCommand } from './commands/demo.ts';
import { diffCommand } from './commands/diff.ts';
import { executionsCommand } from './commands/executions.ts';
import { experimentCommand } from './commands/experiment.ts';
import { extractCommand } from './commands/extract.ts';
import { generateCommand } from './commands/generate.ts';
import { historyCommand } from './commands/history.ts';
import { ingestCommand } from './commands/ingest.ts';
import { lineageCommand } from './commands/lineage.ts';
import { logsCommand } from './commands/logs.ts';
import { openlineageCommand } from './commands/openlineage.ts';
import { planCommand } from './commands/plan.ts';
import { psqlCommand } from './commands/psql.ts';
import { quarantineCommand } from './commands/quarantine.ts';
import { rejectCommand } from './commands/reject.ts';
import { replayCommand } from './commands/replay.ts';
import { reportCommand } from './commands/report.ts';
import { reportSalesCommand } from './commands/report-sales.ts';
import { rollbackCommand } from './commands/rollback.ts';
import { sqlCommand } from './commands/sql.ts';
import { statusCommand } from './commands/status.ts';
import { stopCommand } from './commands/stop.ts';
import { sweepCommand } from './commands/sweep.ts';
import { vacuumCommand } from './commands/vacuum.ts';
import { addGlobals, EVERYWHERE } from './globals.ts';

const GROUPS: readonly (readonly [heading: string, commands: readonly (() => Command)[]])[] = [
    ['Start here:', [demoCommand, ingestCommand, extractCommand, reportsCommand]],
    ['Look:', [statusCommand, planCommand, sqlCommand, psqlCommand, quarantineCommand, executionsCommand]],
    ['Look back:', [historyCommand, diffCommand, lineageCommand, openlineageCommand]],
    [
        'Change:',
        [
            buildCommand,
            replayCommand,
            rejectCommand,
            backfillCommand,
            rollbackCommand,
            vacuumCommand,
            stopCommand,
            cleanCommand,
        ],
    ],
    ['Deployed pipelines:', [logsCommand, deadLettersCommand, sweepCommand]],
    ['Make and check:', [experimentCommand, generateCommand, contractsCommand]],
];

/** An experiment called sales is found by `cartlake experiment report sales`. */
function reportsCommand(): Command {
    return reportCommand().addCommand(reportSalesCommand());
}

/** The whole command line; errors are thrown, not exited on. */
export function createProgram(): Command {
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
    for (const [heading, commands] of GROUPS) {
        program.commandsGroup(heading);
        for (const make of commands) program.addCommand(make());
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
