import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeLake } from '#test/e2e/lake.ts';
import { createEmbeddedPipeline } from '#test/workflow/scenarios/embedded-pipeline.ts';
import { type Observation, observe } from '#test/workflow/scenarios/scenario.ts';
import { SCENARIOS } from '#test/workflow/scenarios/scenarios.ts';

/** What each scenario leaves in process, one after the other in a folder of their own. */
export async function observeEmbedded(): Promise<Observation[]> {
    const folder = await mkdtemp(join(tmpdir(), 'cartlake-e2e-embedded-'));
    const pipeline = await createEmbeddedPipeline(folder);
    try {
        const found: Observation[] = [];
        for (const scenario of SCENARIOS) found.push(await observe(pipeline, scenario));
        return found;
    } finally {
        await pipeline.close();
        await removeLake(join(folder, 'lake'));
        await rm(folder, { recursive: true, force: true });
    }
}
