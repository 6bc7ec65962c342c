import { z } from 'zod';
import { haltStep, type StepContext } from '#core/build/steps.ts';
import { defineStage } from '../_chain/chain.ts';
import { causeMessage, stepFailure } from '../_chain/failure.ts';

/** Notes that a model keeps its last good version. */
export const haltStage = defineStage({
    name: 'halt',
    input: z.object({ run: z.string(), model: z.string(), error: stepFailure }),
    output: z.object({ model: z.string() }),
    async run(context: StepContext, { run, model, error }) {
        await haltStep(context, run, model, causeMessage(error));
        return { model };
    },
});
