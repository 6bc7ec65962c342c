import { z } from 'zod';
import { requestBuild } from '#core/build/requests.ts';
import type { IngestContext } from '#core/pipeline.ts';
import { defineStage } from '../_chain/chain.ts';

/** Asks for the one build of a replay, when all its objects are read. */
export const requestStage = defineStage({
    name: 'request',
    input: z.object({ replay: z.string() }),
    output: z.object({ build: z.number() }),
    run: async (context: Pick<IngestContext, 'control' | 'executions'>) => ({ build: await requestBuild(context) }),
});
