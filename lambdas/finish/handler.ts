import { z } from 'zod';
import { finishStep, type StepContext } from '#core/build/steps.ts';
import { defineStage } from '../_chain/chain.ts';

/** Ends a build: objects are built, and the next build starts if one was asked for. */
export const finishStage = defineStage({
    name: 'finish',
    input: z.object({ run: z.string() }),
    output: z.object({ objects: z.number(), halted: z.array(z.string()), unmirrored: z.array(z.string()) }),
    run: (context: StepContext, { run }) => finishStep(context, run),
});
