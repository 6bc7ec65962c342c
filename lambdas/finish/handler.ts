import { z } from 'zod';
import { finishStep, type StepContext } from '#core/build/steps.ts';
import { defineStage } from '../_chain/chain.ts';

/** Of many, the first ones: all stand in the run's documents, and an output is read by people. */
const MOST_NAMED = 20;
const LONGEST = 150;

const few = (texts: readonly string[]) => texts.slice(0, MOST_NAMED).map((text) => text.slice(0, LONGEST));

/** Ends a build: objects are built, and the next build starts if one was asked for. */
export const finishStage = defineStage({
    name: 'finish',
    input: z.object({ run: z.string() }),
    output: z.object({ objects: z.number(), halted: z.array(z.string()), unmirrored: z.array(z.string()) }),
    async run(context: StepContext, { run }) {
        const { objects, halted, unmirrored } = await finishStep(context, run);
        return { objects, halted: few(halted), unmirrored: few(unmirrored) };
    },
});
