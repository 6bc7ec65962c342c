import { z } from 'zod';
import { type PublishContext, publishRun } from '#core/build/publish-run.ts';
import { defineStage } from '../_chain/chain.ts';

/** Publishes what changed to Postgres, in one transaction. */
export const publishStage = defineStage({
    name: 'publish',
    input: z.object({ run: z.string() }),
    output: z.object({ marts: z.number(), inserted: z.number(), updated: z.number(), deleted: z.number() }),
    async run(context: PublishContext, { run }) {
        const done = await publishRun(context, run);
        const sum = (field: 'inserted' | 'updated' | 'deleted') => done.reduce((total, mart) => total + mart[field], 0);
        return { marts: done.length, inserted: sum('inserted'), updated: sum('updated'), deleted: sum('deleted') };
    },
});
