import { z } from 'zod';
import { isComputing } from '#core/build/ports.ts';
import { buildStep, type StepContext } from '#core/build/steps.ts';
import { defineStage } from '../_chain/chain.ts';

/**
 * Builds one model beside what readers see. `done` is false while an engine elsewhere computes: called again after
 * `waitSeconds`, it goes on where it was.
 */
export const buildStage = defineStage({
    name: 'build',
    input: z.object({ run: z.string(), model: z.string() }),
    output: z.object({
        done: z.boolean(),
        waitSeconds: z.number(),
        changed: z.boolean(),
        rows: z.number(),
        parts: z.number(),
    }),
    async run(context: StepContext, { run, model }) {
        const built = await buildStep(context, run, model);
        if (!isComputing(built)) return { done: true, waitSeconds: 0, ...built };
        return { done: false, waitSeconds: built.askAgainInSeconds, changed: false, rows: 0, parts: 0 };
    },
});
