import { requestBuild } from '#core/build/requests.ts';
import type { AnyLake } from './anywhere.ts';
import { buildDocument, buildLines } from './build-outcome.ts';
import type { Answer } from './output/output.ts';

/** Takes up what was left, builds, waits, and tells what changed. */
export async function buildNow(lake: AnyLake, lakeOption: string): Promise<Answer> {
    const outcome = await lake.watchBuilds();
    await lake.sweep();
    await requestBuild(lake.context);
    await lake.settle();
    const builds = await outcome();
    const ok = builds.failures.length === 0;
    return { document: { ...buildDocument(builds), ok }, lines: buildLines(builds, lakeOption), code: ok ? 0 : 1 };
}
