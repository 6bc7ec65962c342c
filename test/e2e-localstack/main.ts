// The pipeline as it is deployed, on a LocalStack of its own: node test/e2e-localstack/main.ts
import { deepEqual } from 'node:assert/strict';
import { say } from '#localstack/command-line.ts';
import { observe } from '#test/workflow/scenarios/scenario.ts';
import { SCENARIOS } from '#test/workflow/scenarios/scenarios.ts';
import { CHECKS, type Check } from './checks.ts';
import { createDeployedPipeline } from './deployed-pipeline.ts';
import { observeEmbedded } from './embedded-observations.ts';
import { type Run, runOnLocalStack, seconds } from './on-localstack.ts';
import { setUp } from './place.ts';

// A tenth of what the machines say, as in process.
process.env.CARTLAKE_RETRY_WAITS = '0.1';
await runOnLocalStack(checkAll);

/** The scenarios on the deployed pipeline, each with what it left compared to what it leaves in process; the rest after. */
async function checkAll({ folder, state, stop, check }: Run): Promise<void> {
    const began = performance.now();
    const [place, embedded] = await Promise.all([setUp(folder, state, stop), observeEmbedded()]);
    const pipeline = await createDeployedPipeline(place);
    say(`set up in ${seconds(began)}`);
    const scenarios = SCENARIOS.map((scenario, index): Check => {
        const run = async () => deepEqual(await observe(pipeline, scenario), embedded[index]);
        return { name: `${scenario.name}, as in process`, run };
    });
    for (const { name, run } of [...scenarios, ...CHECKS]) {
        if (stop.aborted) return;
        await check(name, async () => {
            await run(place);
            return undefined;
        });
    }
    place.deployment.close();
}
