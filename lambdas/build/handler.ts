import { z } from 'zod';
import { buildStep, type StepContext } from '#core/build/steps.ts';
import { defineStage } from '../_chain/chain.ts';

/** Builds one model beside what readers see. `done` is false while a remote engine still computes. */
export const buildStage = defineStage({
    name: 'build',
    input: z.object({ run: z.string(), model: z.string() }),
    output: z.object({ done: z.boolean(), changed: z.boolean(), rows: z.number(), parts: z.number() }),
    async run(context: StepContext, { run, model }) {
        return { done: true, ...(await buildStep(context, run, model)) };
    },
});
