import { z } from 'zod';
import { writeWorkbook } from '#adapters/xlsx/workbook.ts';
import { runFiles } from '#core/build/run.ts';
import type { StepContext } from '#core/build/steps.ts';
import { writeExperimentReports } from '#core/report/experiment-reports.ts';
import { writeSalesReport } from '#core/report/sales-reports.ts';
import { defineStage } from '../_chain/chain.ts';

/** Writes the pages people read. */
export const reportStage = defineStage({
    name: 'report',
    input: z.object({ run: z.string() }),
    output: z.object({ pages: z.number() }),
    async run(context: StepContext, { run }) {
        const { objects } = runFiles(context.blobs, context.control, run);
        const experiments = await writeExperimentReports(context, await objects('events'), context.now());
        const sales = await writeSalesReport({ ...context, objects, writeWorkbook });
        return { pages: experiments.length + (sales?.isNew ? 1 : 0) };
    },
});
