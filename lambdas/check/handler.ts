import { z } from 'zod';
import { checkStep, type StepContext } from '#core/build/steps.ts';
import { defineStage } from '../_chain/chain.ts';

/** Checks a built version before anyone sees it. */
export const checkStage = defineStage({
    name: 'check',
    input: z.object({ run: z.string(), model: z.string() }),
    output: z.object({ passed: z.number(), warned: z.number() }),
    run: (context: StepContext, { run, model }) => checkStep(context, run, model),
});
