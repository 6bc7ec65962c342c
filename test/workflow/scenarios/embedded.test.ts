import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { removeLake } from '#test/e2e/lake.ts';
import { createEmbeddedPipeline } from './embedded-pipeline.ts';
import { observe } from './scenario.ts';
import { SCENARIOS } from './scenarios.ts';

type Embedded = Awaited<ReturnType<typeof createEmbeddedPipeline>>;

const folders: string[] = [];
const pipelines: Embedded[] = [];

async function aPipeline(): Promise<Embedded> {
    const folder = await mkdtemp(join(tmpdir(), 'cartlake-scenarios-'));
    folders.push(folder);
    const pipeline = await createEmbeddedPipeline(folder);
    pipelines.push(pipeline);
    return pipeline;
}

/** Files in the order of their landing. */
const landed: { readonly key: string; readonly text: string }[] = [];
let pipeline: Embedded;

beforeAll(async () => {
    pipeline = await aPipeline();
    const { land, landUnheard } = pipeline;
    const noting =
        (work: typeof land): typeof land =>
        (key, text) => {
            landed.push({ key, text });
            return work(key, text);
        };
    pipeline = { ...pipeline, land: noting(land), landUnheard: noting(landUnheard) };
});
afterAll(async () => {
    for (const each of pipelines) await each.close();
    for (const folder of folders) {
        await removeLake(join(folder, 'lake'));
        await rm(folder, { recursive: true });
    }
});

describe('the pipeline in this process', () => {
    it.each(SCENARIOS)('$name', async (scenario) => {
        const { builds = [], ingests } = await observe(pipeline, scenario);

        expect(Object.keys(ingests).length).toBeGreaterThan(0);
        for (const history of Object.values(ingests).flat()) expect(history[0]).toBe('Probe');
        for (const history of builds) expect(history.slice(0, 3)).toContain('IsPlanned');
    });

    it('shows the same rows in the end as one where nothing ever went wrong', async () => {
        const calm = await aPipeline();
        const objects = [];
        for (const { key, text } of landed) objects.push(await calm.land(key, text));
        await calm.ingested(objects);
        await calm.built();

        expect(await calm.tables()).toEqual(await pipeline.tables());
        expect(await calm.marts()).toEqual(await pipeline.marts());
    });
});
