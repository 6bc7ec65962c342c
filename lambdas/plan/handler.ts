import { z } from 'zod';
import { planRun, type StepContext } from '#core/build/steps.ts';
import { defineStage } from '../_chain/chain.ts';

/** Decides what a build has to do, and freezes its inputs. */
export const planStage = defineStage({
    name: 'plan',
    input: z.object({ run: z.string() }),
    output: z.object({ levels: z.array(z.array(z.string())), models: z.number(), unpublished: z.number() }),
    async run(context: StepContext, { run }) {
        const plan = await planRun(context, run);
        return {
            levels: plan.levels.map((level) => [...level]),
            models: plan.models.length,
            unpublished: plan.unpublished.length,
        };
    },
});
