// The pipeline as it is deployed, on a LocalStack of its own: node test/e2e-localstack/main.ts
import { deepEqual } from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { coerceError, PipelineError } from '#core/errors.ts';
import { runCommand, say } from '#localstack/command-line.ts';
import { observe } from '#test/workflow/scenarios/scenario.ts';
import { SCENARIOS } from '#test/workflow/scenarios/scenarios.ts';
import { CHECKS, type Check } from './checks.ts';
import { createDeployedPipeline } from './deployed-pipeline.ts';
import { observeEmbedded } from './embedded-observations.ts';
import { makeFolder, type Place, setUp, tearDown } from './place.ts';

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
        const work = checkAll(() => setUp(folder, state, stop.signal), stop.signal);
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
    say(`everything took ${seconds(began)}`);
    say(`${passed} passed, ${failed} failed`);
});
process.exit(failed > 0 ? 1 : process.exitCode);

/** The scenarios on the deployed pipeline, each with what it left compared to what it leaves in process; the rest after. */
async function checkAll(make: () => Promise<Place>, stop: AbortSignal): Promise<void> {
    const began = performance.now();
    const [place, embedded] = await Promise.all([make(), observeEmbedded()]);
    const pipeline = await createDeployedPipeline(place);
    say(`set up in ${seconds(began)}`);
    const scenarios = SCENARIOS.map((scenario, index): Check => {
        const run = async () => deepEqual(await observe(pipeline, scenario), embedded[index]);
        return { name: `${scenario.name}, as in process`, run };
    });
    for (const { name, run } of [...scenarios, ...CHECKS]) {
        if (stop.aborted) return;
        const start = performance.now();
        try {
            await run(place);
            passed++;
            say(`ok      ${name} (${seconds(start)})`);
        } catch (error) {
            failed++;
            say(`FAILED  ${name} (${seconds(start)})\n${coerceError(error).stack}`);
        }
    }
    place.deployment.close();
}
