import { z } from 'zod';
import { probe } from '#core/ingest/probe.ts';
import { entryWithContract } from '#core/ingest/stage.ts';
import { isArchive } from '#core/ingest/stage-archive.ts';
import type { IngestContext } from '#core/pipeline.ts';
import { defineStage } from '../_chain/chain.ts';

/** Opens a landed file and fits its headings to the contract; a file that does not fit is rejected here. */
export const probeStage = defineStage({
    name: 'probe',
    input: z.object({ id: z.string() }),
    output: z.object({
        dataset: z.string(),
        format: z.string(),
        columns: z.number(),
        /** Files in an archive, before inner archives are opened. */
        parts: z.number().optional(),
        compression: z.string(),
        encoding: z.string(),
    }),
    async run(context: IngestContext, { id }) {
        const { entry, contract } = await entryWithContract(context, id);
        const file = await context.landing.open(entry.object);
        try {
            if (await isArchive(context, file.path)) {
                const parts = await context.archives.list(file.path);
                return {
                    dataset: contract.dataset,
                    format: 'zip',
                    columns: 0,
                    parts,
                    compression: 'zip',
                    encoding: '',
                };
            }
            const { format, compression, encoding } = await probe(context, contract, file.path);
            return {
                dataset: contract.dataset,
                format: format.kind,
                columns: format.columns.length,
                compression,
                encoding,
            };
        } finally {
            await file.release();
        }
    },
});
