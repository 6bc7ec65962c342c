import { z } from 'zod';
import type { Contract } from '#core/contracts/contract.ts';
import { UsageError } from '#core/errors.ts';
import { type ExtractContext, extractDataset, requireSource } from '#core/extract/extract.ts';
import type { SourceReaders } from '#core/extract/ports.ts';
import { defineStage } from '../_chain/chain.ts';

type Context = ExtractContext & {
    readonly contracts: ReadonlyMap<string, Contract>;
    readonly sources: SourceReaders;
};

/** Reads one dataset from its database and lands what is new; called by the dataset's schedule. */
export const extractStage = defineStage({
    name: 'extract',
    input: z.object({ dataset: z.string() }),
    output: z.object({
        dataset: z.string(),
        outcome: z.enum(['landed', 'unchanged', 'empty']),
        rows: z.number(),
        landed: z.object({ bucket: z.string(), key: z.string(), version: z.string() }).nullable(),
        advice: z.array(z.string()).readonly(),
    }),
    async run(context: Context, { dataset }) {
        const contract = context.contracts.get(dataset);
        if (!contract) {
            const known = [...context.contracts.keys()].join(', ');
            throw new UsageError(`There is no dataset "${dataset}". There is: ${known}.`);
        }
        const reader = context.sources.of(requireSource(contract).server);
        const { outcome, rows, object, advice } = await extractDataset(context, contract, reader);
        return { dataset, outcome, rows, landed: object ?? null, advice };
    },
});
