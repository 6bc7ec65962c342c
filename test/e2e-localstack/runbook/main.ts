// Every section of docs/runbook.md on the state it is about, on a LocalStack: npm run rehearse:runbook [-- PART OF A HEADING]
import { setTimeout as sleep } from 'node:timers/promises';
import { coerceError, PipelineError } from '#core/errors.ts';
import { generateShop } from '#core/generate/shop.ts';
import type { ObjectRef } from '#core/types.ts';
import { runCommand, say } from '#localstack/command-line.ts';
import type { StateFolder } from '#localstack/state.ts';
import { readSections } from '#test/support/runbook.ts';
import { makeFolder, type Place, postgresOf, setUp, tearDown } from '../place.ts';
import { repeatAfter } from './breaking.ts';
import { BUILDS } from './builds.ts';
import { EDGES } from './edges.ts';
import { INGESTS } from './ingests.ts';
import { rehearse } from './rehearse.ts';
import { createScene, type Scene } from './scene.ts';

/** Five files with an experiment; few, since every repair ends with a build. */
const SHOP = { users: 60, seed: 3, days: 10, effect: 0.2 };
const GRACE_MS = 2_000;
const seconds = (since: number) => `${((performance.now() - since) / 1000).toFixed(1)} s`;
let failed = 0;
let passed = 0;

await runCommand(async () => {
    const began = performance.now();
    const stop = new AbortController();
    const stopped = new Promise<void>((resolve) => stop.signal.addEventListener('abort', () => resolve()));
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
        process.on(signal, () => stop.abort(new PipelineError(`Stopped by ${signal}.`)));
    }
    const { folder, state } = await makeFolder();
    try {
        const work = rehearseAll(() => place(folder, state, stop.signal), stop.signal);
        await Promise.race([work, stopped]);
        // What runs ends by itself, or when LocalStack is gone.
        if (stop.signal.aborted) await Promise.race([work.catch(() => undefined), sleep(GRACE_MS)]);
        stop.signal.throwIfAborted();
    } catch (error) {
        failed++;
        console.error(coerceError(error).message);
    } finally {
        await tearDown(folder, state);
    }
    say(`${passed} passed, ${failed} failed, everything took ${seconds(began)}`);
});
process.exit(failed > 0 ? 1 : process.exitCode);

/** A deployment that extracts from a database which is not there yet: that is what edges-errors is about. */
async function place(folder: string, state: StateFolder, stop: AbortSignal): Promise<Place> {
    const postgres = postgresOf(state);
    await postgres.keep();
    const { url, release } = await postgres.acquire();
    await release();
    const shop = new URL(url);
    shop.pathname = '/shop';
    return setUp(folder, state, stop, ['--sources', 'shop', '--source-url', shop.href]);
}

async function rehearseAll(make: () => Promise<Place>, stop: AbortSignal): Promise<void> {
    const began = performance.now();
    const scene = await createScene(await make());
    await prepare(scene);
    say(`set up in ${seconds(began)}`);
    const sections = await readSections();
    const [part = ''] = process.argv.slice(2);
    for (const rehearsal of [...BUILDS, ...INGESTS, ...EDGES]) {
        const { section, broken, leftOut } = rehearsal;
        if (stop.aborted) return;
        if (!section.includes(part)) continue;
        const start = performance.now();
        try {
            const done = await rehearse(scene, sections, rehearsal);
            passed++;
            const note = leftOut === undefined ? '' : `; not here: ${leftOut}`;
            say(`ok      ${section}: ${broken}; ${done}, ${seconds(start)} in all${note}`);
        } catch (error) {
            failed++;
            say(`FAILED  ${section}: ${broken} (${seconds(start)})\n${coerceError(error).stack}`);
        }
    }
    scene.place.deployment.close();
}

/** A shop with an experiment, so that every table has rows; and a queue that repeats what failed at once. */
async function prepare(scene: Scene): Promise<void> {
    const { pipeline } = scene;
    const objects: ObjectRef[] = [];
    for (const { name, chunks } of generateShop(SHOP).files) {
        const dataset = name.replace('.csv', '');
        objects.push(await pipeline.land(`landing/${dataset}/${dataset}-shop.csv`, [...chunks].join('')));
    }
    await pipeline.ingested(objects);
    await pipeline.built();
    await repeatAfter(scene, 3);
}
