import { Command } from 'commander';
import { answering, type Call, examples } from '../command.ts';
import { addGlobals, EVERYWHERE } from '../globals.ts';
import type { Answer } from '../output/output.ts';

/** `cartlake status` */
export function statusCommand(): Command {
    const command = new Command('status')
        .description('What is in the lake, how fresh it is, and what needs a hand. Changes nothing.')
        .addHelpText(
            'after',
            examples(
                ['cartlake status', 'datasets, tables, settings, troubles'],
                ['cartlake status --target aws --stage prod', 'of a deployed pipeline'],
                ['cartlake status --json | jq .troubles', 'only what needs a hand'],
            ),
        )
        .action(answering(status));
    return addGlobals(command, EVERYWHERE);
}

async function status({ globals }: Call): Promise<Answer> {
    if (globals.target) return (await import('../deployed/status.ts')).deployedStatus(globals.target);
    const { useLake } = await import('../lake.ts');
    const { lakeStatus } = await import('#core/status/lake-status.ts');
    const { readOverrides } = await import('#core/status/settings.ts');
    const { serverLine, statusLines } = await import('../status-lines.ts');
    return useLake(globals, { mode: 'read' }, async ({ runtime }) => {
        const { context, executions, database } = runtime;
        const lastBuild = executions.list({ machine: 'build' }).find((build) => build.status !== 'RUNNING');
        const state = await lakeStatus(context, lastBuild);
        const settings = await readOverrides(context.control);
        const server = await database.own?.status();
        const postgres = server ? { running: server.running, url: server.url ?? null } : { running: null, url: null };
        return {
            document: { lake: globals.lake, ...state, settings, postgres },
            lines: statusLines(`Lake ${globals.lakeName}`, state, settings, serverLine(server)),
        };
    });
}
