import { Command } from 'commander';
import { answering, type Call, examples } from '../command.ts';
import { addGlobals } from '../globals.ts';

/** `cartlake experiment replay HASH` */
export function experimentReplayCommand(): Command {
    const command = new Command('replay')
        .description('Compute an analysis again from its inputs; the same JSON, byte for byte, on standard output.')
        .argument('<hash>', 'of the analysis: at the foot of its page, and in its JSON')
        .addHelpText('after', examples(['cartlake experiment replay 1f0c9a52d0b1c3e4 > then.json', '']))
        .action(answering(replay));
    return addGlobals(command, ['lake']);
}

async function replay({ arguments: [hash], globals, output }: Call): Promise<undefined> {
    const { useLake } = await import('../lake.ts');
    const { replayAnalysis } = await import('#core/report/analysis-record.ts');
    await useLake(globals, { mode: 'read' }, async ({ runtime }) =>
        output.write(await replayAnalysis(runtime.context, hash as string)),
    );
}
