import { PipelineError } from '#core/errors.ts';
import { loadProject, PROJECT_ROOT } from '#embedded/project.ts';
import { createRuntime } from '#embedded/runtime.ts';
import { loadBuildStages } from '#embedded/stages.ts';
// What a build loads when it comes to it: the clock starts when code is there, as it does for the SQL beside it.
import '#core/experiment/analyse-all.ts';
import '#core/experiment/canonical.ts';
import '#core/experiment/declaration/read.ts';
import '#core/experiment/result-rows.ts';
import '#core/report/analysis-record.ts';
import '#core/report/experiment/forms.ts';
import '#core/report/experiment/sources.ts';
import '#lambdas/_chain/chain.ts';
import { startClock } from '../cost.ts';
import type { Cost } from '../samples.ts';

/**
 * Builds what a lake lacks: plan, all models, checks, promotion, publication, pages, from opening the runtime to the
 * end of the build execution. Throws when the build fails.
 */
export async function buildInPipeline({ lake, postgresUrl }: { lake: string; postgresUrl: string }): Promise<Cost> {
    await loadBuildStages();
    const read = startClock();
    const project = await loadProject(`${PROJECT_ROOT}/contracts`, `${PROJECT_ROOT}/models`);
    const runtime = await createRuntime({ lake, project, postgresUrl });
    await runtime.requestBuild();
    await runtime.settle();
    const cost = await read();
    const [build] = runtime.executions.list({ machine: 'build', limit: 1 });
    await runtime.close();
    if (build?.status !== 'SUCCEEDED') {
        throw new PipelineError(`Build ${build?.name} ended ${build?.status}: ${build?.error} ${build?.cause}`);
    }
    return cost;
}
