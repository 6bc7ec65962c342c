import type { Runtime } from '#embedded/runtime.ts';
import { buildDocument, buildLines, watchBuilds } from './build-outcome.ts';
import type { Answer } from './output/output.ts';

/** Takes up what was left, builds, waits, and tells what changed. */
export async function buildNow(runtime: Runtime, lakeOption: string): Promise<Answer> {
    const outcome = await watchBuilds(runtime);
    await runtime.sweep();
    await runtime.requestBuild();
    await runtime.settle();
    const builds = await outcome();
    const ok = builds.failures.length === 0;
    return { document: { ...buildDocument(builds), ok }, lines: buildLines(builds, lakeOption), code: ok ? 0 : 1 };
}
