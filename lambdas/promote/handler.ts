import { z } from 'zod';
import { promoteStep, type StepContext } from '#core/build/steps.ts';
import { defineStage } from '../_chain/chain.ts';

/** Shows a checked version to readers. */
export const promoteStage = defineStage({
    name: 'promote',
    input: z.object({ run: z.string(), model: z.string() }),
    output: z.object({ version: z.string(), unmirrored: z.array(z.string()) }),
    run: (context: StepContext, { run, model }) => promoteStep(context, run, model),
});
