import { basename } from 'node:path';
import { PipelineError } from '#core/errors.ts';
import { compileModels } from '#core/models/compile.ts';
import { loadProject, PROJECT_ROOT } from '#embedded/project.ts';
import { createRuntime } from '#embedded/runtime.ts';
import { startClock } from '../cost.ts';
import type { Cost } from '../samples.ts';

export interface IngestInput {
    readonly lake: string;
    /** Files by dataset. */
    readonly files: Readonly<Record<string, string>>;
    readonly postgresUrl: string;
}

export interface IngestOutcome extends Cost {
    readonly accepted: number;
    readonly rejected: number;
}

/**
 * Lands files in a lake and takes them through the ingest machine: from opening the runtime to the end of the last
 * ingest execution. The project has the contracts and no models, so that the build which follows has nothing to do;
 * it is not in the time.
 */
export async function ingestInPipeline({ lake, files, postgresUrl }: IngestInput): Promise<IngestOutcome> {
    const startedAt = Date.now();
    const read = startClock();
    const { contracts } = await loadProject(`${PROJECT_ROOT}/contracts`, `${PROJECT_ROOT}/models`);
    const graph = compileModels({ files: [], typescriptModels: [], datasets: [...contracts.keys()], dateDatasets: [] });
    const runtime = await createRuntime({ lake, project: { contracts, graph }, postgresUrl });
    const landing = Object.entries(files).map(([dataset, path]) =>
        runtime.context.landing.land(`landing/${dataset}/${basename(path)}`, path),
    );
    const admissions = await runtime.deliver(await Promise.all(landing));
    await runtime.settle();
    const cost = await read();
    const executions = runtime.executions.list({ machine: 'ingest' });
    const failed = executions.find(({ status }) => status !== 'SUCCEEDED');
    if (failed) throw new PipelineError(`Ingest ${failed.name} ended ${failed.status}: ${failed.cause ?? ''}`);
    const ends = executions.map(({ stoppedAt }) => Date.parse(stoppedAt ?? ''));
    let accepted = 0;
    let rejected = 0;
    for (const admission of admissions) {
        const id = 'entry' in admission ? admission.entry.id : '';
        const rows = (await runtime.context.ledger.find(id))?.staged?.rows;
        accepted += rows?.accepted ?? 0;
        rejected += rows?.rejected ?? 0;
    }
    await runtime.close();
    return { ...cost, seconds: (Math.max(...ends) - startedAt) / 1000, accepted, rejected };
}
