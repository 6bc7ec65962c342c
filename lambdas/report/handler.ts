import { z } from 'zod';
import { runFiles } from '#core/build/run.ts';
import type { StepContext } from '#core/build/steps.ts';
import { writeExperimentReports } from '#core/report/experiment-reports.ts';
import { defineStage } from '../_chain/chain.ts';

/** Writes the pages people read. */
export const reportStage = defineStage({
    name: 'report',
    input: z.object({ run: z.string() }),
    output: z.object({ pages: z.number() }),
    async run(context: StepContext, { run }) {
        const events = await runFiles(context.blobs, context.control, run).objects('events');
        const reports = await writeExperimentReports(context, events, context.now());
        return { pages: reports.length };
    },
});
