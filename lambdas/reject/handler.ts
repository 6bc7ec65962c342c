import { z } from 'zod';
import { reject } from '#core/ingest/register.ts';
import type { IngestContext } from '#core/pipeline.ts';
import { defineStage } from '../_chain/chain.ts';
import { causeMessage, stepFailure } from '../_chain/failure.ts';

/** Closes an object that cannot be read under its contract, with the reason in the ledger. */
export const rejectStage = defineStage({
    name: 'reject',
    input: z.object({ id: z.string(), error: stepFailure }),
    output: z.object({ reason: z.string() }),
    async run(context: IngestContext, { id, error }) {
        const reason = causeMessage(error);
        await reject(context, id, reason);
        return { reason: reason.slice(0, 2_000) };
    },
});
