import { Command, Option } from 'commander';
import type { RunEvent } from '#core/lineage/openlineage/event.ts';
import { useAnyLake } from '../anywhere.ts';
import { answering, type Call, examples } from '../command.ts';
import { addGlobals, READS } from '../globals.ts';
import { timeSpan } from '../numeric-options.ts';

interface OpenlineageOptions {
    /** Milliseconds. */
    readonly since?: number;
    readonly namespace?: string;
}

/** `cartlake openlineage` */
export function openlineageCommand(): Command {
    const command = new Command('openlineage')
        .description('What every ingest and every build read and wrote, as OpenLineage events: one JSON object a line.')
        .option('--since <time>', 'how far back: 30m, 2h, 1d (default: everything)', timeSpan)
        .addOption(
            new Option('--namespace <name>', 'a name for this lake among others (default: cartlake)').env(
                'OPENLINEAGE_NAMESPACE',
            ),
        )
        .addHelpText(
            'after',
            examples(
                ['cartlake openlineage --since 1d > events.ndjson', 'the events of a day'],
                ['cartlake openlineage --json', 'one document with all of them'],
            ),
        )
        .action(answering(openlineage));
    return addGlobals(command, READS);
}

/** Writes as it reads: the events of years need not fit in memory. */
async function openlineage({ options, globals, output }: Call<OpenlineageOptions>): Promise<undefined> {
    const { recordedEvents } = await import('#core/lineage/openlineage/records.ts');
    const { inNamespace } = await import('#core/lineage/openlineage/event.ts');
    await useAnyLake(globals, { mode: 'read' }, async ({ context: { control } }) => {
        const now = new Date();
        const since = options.since === undefined ? undefined : new Date(now.getTime() - options.since).toISOString();
        const named = (event: RunEvent) => (options.namespace ? inNamespace(event, options.namespace) : event);
        let separator = output.json ? '[\n' : '';
        for await (const event of recordedEvents(control, { since, now: now.toISOString() })) {
            await output.write(`${separator}${JSON.stringify(named(event))}${output.json ? '' : '\n'}`);
            if (output.json) separator = ',\n';
        }
        if (output.json) await output.write(separator === '[\n' ? '[]\n' : '\n]\n');
    });
    return undefined;
}
