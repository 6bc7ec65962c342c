import { z } from 'zod';
import { recordIngest } from '#core/lineage/openlineage/ingest-events.ts';
import type { IngestContext } from '#core/pipeline.ts';
import { defineStage } from '../_chain/chain.ts';
import { causeMessage, stepFailure } from '../_chain/failure.ts';

/** Notes in the ledger why an ingest execution failed; the object stays received and is tried again. */
export const failStage = defineStage({
    name: 'fail',
    input: z.object({ id: z.string(), error: stepFailure }),
    output: z.object({ reason: z.string() }),
    async run(context: IngestContext, { id, error }) {
        const reason = causeMessage(error);
        const entry = await context.ledger.find(id);
        if (entry) await recordIngest(context.control, entry, { at: context.now(), reason });
        await context.ledger.noteFailure(id, reason);
        return { reason: reason.slice(0, 2_000) };
    },
});
