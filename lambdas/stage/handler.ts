import { z } from 'zod';
import { stage } from '#core/ingest/stage.ts';
import type { IngestContext } from '#core/pipeline.ts';
import { defineStage } from '../_chain/chain.ts';

/** Types the rows of an object and splits good from bad. */
export const stageStage = defineStage({
    name: 'stage',
    input: z.object({ id: z.string(), run: z.string() }),
    output: z.object({ summaryKey: z.string(), read: z.number(), accepted: z.number(), rejected: z.number() }),
    async run(context: IngestContext, { id, run }) {
        const { summaryKey, staged } = await stage(context, id, run);
        return { summaryKey, ...staged.rows };
    },
});
