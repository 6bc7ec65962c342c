// Counts what a shop's files cost on the LocalStack that runs, and writes docs/cost.md: npm run cost:local
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Deployment } from '#adapters/aws/deployment.ts';
import { writeFiles } from '#cli/generate-files.ts';
import { createProgress } from '#cli/output/progress.ts';
import { PipelineError } from '#core/errors.ts';
import type { ExecutionSummary } from '#core/execution/execution-log.ts';
import type { MachineName } from '#core/execution/executions.ts';
import { generateShop } from '#core/generate/shop.ts';
import { PROJECT_ROOT } from '#embedded/project.ts';
import { readOptions, runCommand, say } from '#localstack/command-line.ts';
import { connectLocalDeployment } from '#localstack/deployment.ts';
import { requireServer } from '#localstack/server.ts';
import { stateFolder } from '#localstack/state.ts';
import type { Counts } from './counts.ts';
import { functionCounts } from './functions.ts';
import { athenaReads } from './models.ts';
import { costPage } from './page.ts';
import { s3Requests } from './requests.ts';

const DAYS = 30;
const POLL_MS = 5_000;
const MOST = 1_000;

await runCommand(async () => {
    const { users } = readOptions({ users: { type: 'string', default: '20000' } });
    const state = stateFolder();
    const { port } = await requireServer(state);
    const deployment = connectLocalDeployment(port, 'dev');
    const folder = await mkdtemp(join(tmpdir(), 'cartlake-cost-'));
    try {
        const shop = { users: Number(users), seed: 1, days: DAYS, effect: 0.1 };
        const files = await writeFiles(generateShop(shop), folder, createProgress());
        const events = files.find(({ name }) => name === 'events.csv')?.rows ?? 0;
        say(`A shop with ${events} events. Use a deployment that has seen no other files.`);
        const offset = (await stat(state.log)).size;
        const began = Date.now();
        const since = new Date(began).toISOString();
        for (const { name, path } of files) {
            await deployment.landing.land(keyOf(name), path);
        }
        await untilQuiet(deployment, since, files.length);
        // Before anything else is asked: what this script asks of S3 would be counted.
        const s3 = await s3Requests(state.log, offset);
        const counts: Counts = {
            date: new Date().toISOString().slice(0, 10),
            shop: { users: shop.users, days: DAYS, events, files: files.length },
            builds: (await deployment.log.list('build', MOST)).filter(({ startedAt }) => startedAt >= since).length,
            s3,
            functions: await functionCounts(port, deployment.name, began),
            transitions: {
                ingest: await transitions(deployment, 'ingest', since),
                build: await transitions(deployment, 'build', since),
            },
            messages: files.length,
            storedBytes: (await deployment.blobs.list('')).reduce((sum, { size }) => sum + size, 0),
            models: await athenaReads(
                files.map(({ name, path }) => ({ key: keyOf(name), path })),
                join(folder, 'lake'),
            ),
        };
        await writeFile(join(PROJECT_ROOT, 'docs', 'cost.json'), `${JSON.stringify(counts, undefined, 2)}\n`);
        await writeFile(join(PROJECT_ROOT, 'docs', 'cost.md'), costPage(counts));
        say('docs/cost.json and docs/cost.md are written.');
    } finally {
        deployment.close();
        await rm(folder, { recursive: true });
    }
});

function keyOf(name: string): string {
    return `landing/${name.replace(/\..*$/, '')}/${name}`;
}

/** Waits until every ingest and every build is over, without a request to S3. */
async function untilQuiet({ log }: Deployment, since: string, files: number): Promise<void> {
    for (let quiet = 0; quiet < 2; ) {
        await sleep(POLL_MS);
        const isNew = ({ startedAt }: ExecutionSummary) => startedAt >= since;
        const ingests = (await log.list('ingest', MOST)).filter(isNew);
        const builds = (await log.list('build', MOST)).filter(isNew);
        const failed = [...ingests, ...builds].find(({ status }) => status === 'FAILED' || status === 'TIMED_OUT');
        if (failed) throw new PipelineError(`${failed.machine} ${failed.name} failed; nothing was counted.`);
        const isOver = ingests.length >= files && builds.length > 0;
        quiet = isOver && [...ingests, ...builds].every(({ status }) => status !== 'RUNNING') ? quiet + 1 : 0;
    }
}

/** States entered, and tasks that were called again: each is billed. */
async function transitions({ log }: Deployment, machine: MachineName, since: string): Promise<number> {
    let count = 0;
    for (const { name, startedAt } of await log.list(machine, MOST)) {
        if (startedAt < since) continue;
        const types = (await log.events(machine, name)).map(({ type }) => type);
        const entered = types.filter((type) => type.endsWith('StateEntered')).length;
        const tasks = types.filter((type) => type === 'TaskStateEntered').length;
        const calls = types.filter((type) => type === 'TaskScheduled').length;
        count += entered + Math.max(calls - tasks, 0);
    }
    return count;
}
