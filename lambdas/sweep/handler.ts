import { z } from 'zod';
import { type SweepContext, sweep } from '#core/ledger/sweep.ts';
import { defineStage } from '../_chain/chain.ts';

/** Restarts what got stuck; called by a schedule, whatever its event says. */
export const sweepStage = defineStage({
    name: 'sweep',
    input: z.looseObject({}),
    output: z.object({ restarted: z.number(), rejected: z.number(), restaged: z.number() }),
    run: (context: SweepContext) => sweep(context),
});
