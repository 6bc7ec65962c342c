import { createLambdaClient, invokeFunction } from '#adapters/lambda/invoke.ts';
import { coerceError } from '#core/errors.ts';
import { untilIngested } from '#core/execution/outcome.ts';
import { requireSource } from '#core/extract/extract.ts';
import type { ObjectRef } from '#core/types.ts';
import { extractedContracts } from '../extract/sources.ts';
import { type Target, targetOption } from '../globals.ts';
import type { FileResult } from '../ingest/file-results.ts';
import { counted } from '../output/numbers.ts';
import type { Answer } from '../output/output.ts';
import { paint } from '../output/style.ts';
import { outcomeAnswer, watchDeployedBuilds } from './outcome.ts';
import { useDeployment } from './use-deployment.ts';

/** What the function says of one dataset. */
interface Extracted {
    readonly dataset: string;
    readonly outcome: 'landed' | 'unchanged' | 'empty' | 'failed';
    readonly rows: number;
    readonly landed: ObjectRef | null;
    readonly why?: string;
}

/** Has the function of a deployed pipeline read datasets from their databases now, and waits for what becomes of them. */
export function deployedExtract(target: Target, names: readonly string[], patience: number): Promise<Answer> {
    return useDeployment(target, async (pipeline) => {
        const datasets = extractedContracts(names, pipeline.contracts).map((contract) => {
            requireSource(contract);
            return contract.dataset;
        });
        const outcome = await watchDeployedBuilds(pipeline, patience * 1_000);
        const all: Extracted[] = [];
        for (const dataset of datasets) all.push(await extracted(`${pipeline.name}-extract`, dataset));
        const landed = all.flatMap((each) => each.landed ?? []);
        const ingested = await untilIngested(pipeline, landed, patience * 1_000);
        const results = ingested.map(({ entry }): FileResult => {
            return { name: entry.object.key, entry, known: false, problem: undefined };
        });
        const answer = outcomeAnswer(results, await outcome(), targetOption(target), { extracts: all });
        const ok = answer.code === 0 && all.every(({ why }) => why === undefined);
        return {
            document: { ...(answer.document as object), ok },
            lines: [...all.map(lineOf), '', ...answer.lines],
            code: ok ? 0 : 1,
        };
    });
}

/** One database that cannot be read does not keep the others from being read. */
async function extracted(name: string, dataset: string): Promise<Extracted> {
    const client = createLambdaClient();
    try {
        return (await invokeFunction(client, name, { dataset })) as Extracted;
    } catch (error) {
        return { dataset, outcome: 'failed', rows: 0, landed: null, why: coerceError(error).message };
    } finally {
        client.destroy();
    }
}

function lineOf({ dataset, outcome, rows, why }: Extracted): string {
    if (why !== undefined) return `${paint('red', 'failed')}  ${dataset}: ${why}`;
    if (outcome === 'unchanged') return `${dataset}: nothing changed since the last time.`;
    if (outcome === 'empty') return `${dataset} has no rows there: nothing was landed, and what is known of it stays.`;
    return `${dataset}: ${counted(rows, 'row')} landed.`;
}
