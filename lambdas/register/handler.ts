import { z } from 'zod';
import { register } from '#core/ingest/register.ts';
import type { IngestContext } from '#core/pipeline.ts';
import { defineStage } from '../_chain/chain.ts';

/** Makes a staged object visible to builds and asks for one. */
export const registerStage = defineStage({
    name: 'register',
    input: z.object({ id: z.string(), summaryKey: z.string() }),
    output: z.object({ build: z.number().optional() }),
    run: (context: IngestContext, { id, summaryKey }) => register(context, id, summaryKey),
});
