import { z } from 'zod';
import type { IngestContext } from '#core/pipeline.ts';
import { reread } from '#core/replay/reread.ts';
import { defineStage } from '../_chain/chain.ts';

const listedObject = z.object({
    id: z.string(),
    attempt: z.number().int().positive(),
    state: z.enum(['received', 'staged', 'built', 'rejected']),
});

/** Has one object of a replay read again; `done` is false while it is being read. */
export const rereadStage = defineStage({
    name: 'reread',
    input: z.object({ replay: z.string(), object: listedObject }),
    output: z.object({ done: z.boolean() }),
    run: async (context: Pick<IngestContext, 'ledger' | 'executions'>, { replay, object }) => ({
        done: await reread(context, replay, object),
    }),
});
