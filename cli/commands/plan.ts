import { Command } from 'commander';
import type { RunPlan } from '#core/build/run.ts';
import { useAnyLake } from '../anywhere.ts';
import { answering, type Call, examples } from '../command.ts';
import { addGlobals, EVERYWHERE } from '../globals.ts';
import { bytes, counted } from '../output/numbers.ts';
import type { Answer } from '../output/output.ts';
import { table } from '../output/table.ts';

/** `cartlake plan` */
export function planCommand(): Command {
    const command = new Command('plan')
        .description('What a build would do now, why, and how much it would read. Starts nothing.')
        .addHelpText(
            'after',
            examples(
                ['cartlake plan', ''],
                ['cartlake plan --set events.price_reading=unit_list', 'what that setting would cost'],
            ),
        )
        .action(answering(plan));
    return addGlobals(command, EVERYWHERE);
}

async function plan({ globals }: Call): Promise<Answer> {
    const { previewPlan } = await import('#core/status/plan-preview.ts');
    return useAnyLake(globals, { mode: 'read' }, async ({ context }) => {
        const found = await previewPlan(context);
        const { components, models, unpublished } = found;
        return { document: { components, models, unpublished }, lines: planLines(found) };
    });
}

function planLines({ models, unpublished }: RunPlan): string[] {
    const lines = modelLines(models);
    if (unpublished.length > 0) lines.push(`To publish: ${unpublished.map((name) => `marts.${name}`).join(', ')}`);
    if (lines.length === 0) return ['Nothing new: every table is up to date, and so is what is published.'];
    return [...lines, 'Start it: cartlake build'];
}

/** Models a build would compute, what they read, and why. */
export function modelLines(models: RunPlan['models']): string[] {
    if (models.length === 0) return [];
    const rows = models.map(({ model, parts, bytes: size, reason, certain }) => [
        model,
        certain ? counted(parts.length, 'part') : 'maybe',
        size > 0 ? bytes(size) : '',
        reason,
    ]);
    const total = models.reduce((sum, { bytes: size }) => sum + size, 0);
    return [
        ...table(
            [{ heading: 'model' }, { heading: 'rebuilds' }, { heading: 'reads', align: 'right' }, { heading: 'why' }],
            rows,
        ),
        '',
        `${counted(models.length, 'model')}, reading ${bytes(total)} of tables as they stand. "maybe": only if what it reads changes.`,
    ];
}
