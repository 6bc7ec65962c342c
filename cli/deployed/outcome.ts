import { untilBuilt } from '#core/execution/outcome.ts';
import { type BuildOutcome, buildDocument, buildLines, watchBuildsOf } from '../build-outcome.ts';
import { type FileResult, fileDocument, fileLines, stateOf } from '../ingest/file-results.ts';
import type { Answer } from '../output/output.ts';
import type { DeployedPipeline } from './use-deployment.ts';

const BUILDS_LOOKED_AT = 100;

/** Waits for the builds of work that begins now; the function it returns tells what they did. */
export async function watchDeployedBuilds(
    pipeline: DeployedPipeline,
    patienceMs: number,
): Promise<() => Promise<BuildOutcome>> {
    const began = new Date().toISOString();
    const tell = await watchBuildsOf(pipeline, async () => {
        const builds = await pipeline.log.list('build', BUILDS_LOOKED_AT);
        // Lists leave out why something failed.
        return Promise.all(
            builds.map(async (build) =>
                build.status === 'RUNNING' || build.status === 'SUCCEEDED'
                    ? build
                    : ((await pipeline.log.find('build', build.name)) ?? build),
            ),
        );
    });
    return async () => {
        await untilBuilt(pipeline, began, patienceMs);
        return tell();
    };
}

/** What became of files and of the builds they asked for. */
export function outcomeAnswer(
    results: readonly FileResult[],
    builds: BuildOutcome,
    option: string,
    more: Readonly<Record<string, unknown>> = {},
): Answer {
    const bad = results.some((result) => ['rejected', 'failed'].includes(stateOf(result)));
    const ok = !bad && builds.failures.length === 0;
    return {
        document: { files: results.map(fileDocument), ...more, ...buildDocument(builds), ok },
        lines: [...(results.length > 0 ? [...fileLines(results), ''] : []), ...buildLines(builds, option)],
        code: ok ? 0 : 1,
    };
}
