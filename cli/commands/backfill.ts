import { Command } from 'commander';
import type { RunPlan } from '#core/build/run.ts';
import { useAnyLake } from '../anywhere.ts';
import { answering, type Call, examples } from '../command.ts';
import { addGlobals, EVERYWHERE } from '../globals.ts';
import { isoDate, patienceOption } from '../numeric-options.ts';
import { counted } from '../output/numbers.ts';
import type { Answer } from '../output/output.ts';
import { modelLines } from './plan.ts';

interface BackfillOptions {
    readonly from?: string;
    readonly to?: string;
    readonly plan?: true;
    readonly patience: number;
}

/** `cartlake backfill MODEL` */
export function backfillCommand(): Command {
    const command = new Command('backfill')
        .description('Compute dates of a table again from the rows as they are staged now, and what depends on them.')
        .argument('<model>', 'name of the table')
        .option('--from <date>', 'first date', isoDate)
        .option('--to <date>', 'last date', isoDate)
        .option('--plan', 'say what it would read and compute, and do nothing')
        .addOption(patienceOption())
        .addHelpText(
            'after',
            examples(
                ['cartlake backfill fct_events --from 2026-01-01 --to 2026-01-31 --plan', 'what it would cost'],
                ['cartlake backfill fct_events --from 2026-01-01 --to 2026-01-31', 'do it'],
                ['cartlake backfill dim_users', 'a table without dates, whole'],
            ),
        )
        .action(answering(backfillModel));
    return addGlobals(command, EVERYWHERE);
}

async function backfillModel({ arguments: [name], options, globals }: Call<BackfillOptions>): Promise<Answer> {
    const { knownModel } = await import('../known-model.ts');
    const { backfill, previewBackfill } = await import('#core/replay/backfill.ts');
    const { buildNow } = await import('../build-now.ts');
    const { createProgress } = await import('../output/progress.ts');
    const { from, to, patience } = options;
    const progress = createProgress();
    const mode = options.plan ? ('read' as const) : ('change' as const);
    const work = useAnyLake(globals, { mode, onStage: progress.stage, patience }, async (lake) => {
        const scope = { model: knownModel(lake.project.graph, String(name)), from, to };
        if (options.plan) return planAnswer(await previewBackfill(lake.context, scope));
        const parts = await backfill(lake.context, scope);
        const built = await buildNow(lake, globals.lakeOption);
        return {
            ...built,
            document: { model: scope.model.name, parts, ...(built.document as object) },
            lines: [`Computed ${counted(parts.length, 'part')} of ${scope.model.name} again.`, '', ...built.lines],
        };
    });
    return work.finally(progress.done);
}

function planAnswer({ models }: RunPlan): Answer {
    const total = models.reduce((sum, { bytes }) => sum + bytes, 0);
    return { document: { models, bytes: total }, lines: [...modelLines(models), 'Nothing was done yet.'] };
}
