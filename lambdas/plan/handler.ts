import { z } from 'zod';
import { type GatherContext, isGathering } from '#core/build/gather.ts';
import { planRun, type StepContext } from '#core/build/steps.ts';
import { defineStage } from '../_chain/chain.ts';

/**
 * Names of models, over which the machine maps: half of what Step Functions lets pass between states, some 2,500 of
 * them. The history of an execution ends sooner: 25,000 events at about 20 a model, 6 a level and 6 a component.
 */
const MOST_OUTPUT_BYTES = 128 * 1024;

const LATER = { ready: false, components: [], models: 0, unpublished: 0 };

/**
 * Decides what a build has to do, and freezes its inputs; or says that it is to be called again, because files are
 * still on their way.
 */
export const planStage = defineStage({
    name: 'plan',
    input: z.object({ run: z.string(), startedAt: z.iso.datetime() }),
    output: z.object({
        ready: z.boolean(),
        components: z.array(z.array(z.array(z.string()))),
        models: z.number(),
        unpublished: z.number(),
    }),
    mostOutputBytes: MOST_OUTPUT_BYTES,
    async run(context: StepContext & GatherContext, { run, startedAt }) {
        if (await isGathering(context, startedAt)) return LATER;
        const plan = await planRun(context, run);
        return {
            ready: true,
            components: plan.components.map((levels) => levels.map((level) => [...level])),
            models: plan.models.length,
            unpublished: plan.unpublished.length,
        };
    },
});
