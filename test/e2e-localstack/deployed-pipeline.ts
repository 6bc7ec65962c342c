import { access, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { TransientError } from '#core/errors.ts';
import { untilBuilt, untilEnded, untilIngested } from '#core/execution/outcome.ts';
import type { Sweep } from '#core/ledger/sweep.ts';
import { startReplay } from '#core/replay/start-replay.ts';
import { allEntries } from '#core/status/entries.ts';
import { askLocalStack } from '#localstack/ask.ts';
import { ACCOUNT, REGION } from '#localstack/environment.ts';
import { ownProject } from '#test/e2e/lake.ts';
import { martsOf } from '#test/workflow/scenarios/marts.ts';
import type { Held, Pipeline } from '#test/workflow/scenarios/pipeline.ts';
import { tablesOf } from '#test/workflow/scenarios/tables.ts';
import { PATIENCE_MS, type Place } from './place.ts';
import { deliverAgain, messagesIn, untilEmpty } from './queue.ts';

const POLL_MS = 100;
const SILENT = '<NotificationConfiguration/>';
const ANNOUNCES = '<NotificationConfiguration><EventBridgeConfiguration/></NotificationConfiguration>';

/** The pipeline of a place as scenarios drive it. Its schedule sleeps: scenarios sweep when they want to. */
export async function createDeployedPipeline(place: Place): Promise<Pipeline> {
    const { deployment, faults, folder, port } = place;
    const body = { Name: await sweepRule(port) };
    await askLocalStack(port, { service: 'events', target: 'AWSEvents.DisableRule', body });
    let listens = true;
    let count = 0;

    /** Whether the bucket tells of what lands in it. */
    async function listen(on: boolean): Promise<void> {
        if (listens === on) return;
        const path = `/${deployment.name}-landing-${ACCOUNT}-${REGION}?notification`;
        await askLocalStack(port, { service: 's3', method: 'PUT', path, body: on ? ANNOUNCES : SILENT });
        listens = on;
    }

    async function upload(key: string, text: string) {
        const path = join(folder, 'upload');
        await writeFile(path, text);
        return deployment.landing.land(key, path);
    }

    async function plant(stage: string, kind: string): Promise<string> {
        const name = `${deployment.name}-${stage}.${String(++count).padStart(4, '0')}.${kind}`;
        await writeFile(join(faults, name), '');
        return join(faults, 'taken', name);
    }

    return {
        log: deployment.log,
        async land(key, text) {
            await listen(true);
            return upload(key, text);
        },
        async landUnheard(key, text) {
            await listen(false);
            return upload(key, text);
        },
        async deliver(object) {
            await listen(true);
            await deliverAgain(place, object);
            await untilEmpty(place);
        },
        async fail(stage, ...kinds) {
            for (const kind of kinds) await plant(stage, kind);
        },
        async hold(stage): Promise<Held> {
            const taken = await plant(stage, 'hold');
            return { reached: untilThere(taken), release: () => rm(taken) };
        },
        async sweep() {
            const path = `/2015-03-31/functions/${deployment.name}-sweep/invocations`;
            return JSON.parse(await askLocalStack(port, { service: 'lambda', method: 'POST', path })) as Sweep;
        },
        async replay(entries) {
            const { contracts } = await ownProject();
            const name = (await startReplay({ ...deployment, contracts }, entries)) ?? '';
            return (await untilEnded(deployment, 'replay', name, PATIENCE_MS)).status;
        },
        async ingested(objects) {
            return (await untilIngested(deployment, objects, PATIENCE_MS)).map(({ entry }) => entry);
        },
        async built() {
            await untilBuilt(deployment, '', PATIENCE_MS);
        },
        async waiting() {
            await untilEmpty(place);
            const deadLetters = await messagesIn(place, 'dead-letters');
            return { arrivals: await messagesIn(place, 'arrivals'), deadLetters };
        },
        entries: () => allEntries(deployment.ledger),
        marts: () => martsOf(place.postgresUrl),
        tables: () => tablesOf(deployment.control, deployment.catalog),
        catalog: deployment.catalog,
    };
}

async function untilThere(path: string): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    while (
        !(await access(path).then(
            () => true,
            () => false,
        ))
    ) {
        if (Date.now() > deadline) throw new TransientError(`Nobody called what ${path} holds.`);
        await sleep(POLL_MS);
    }
}

/** CloudFormation names rules; what they are for stands in their description. */
async function sweepRule(port: number): Promise<string> {
    const text = await askLocalStack(port, { service: 'events', target: 'AWSEvents.ListRules' });
    const { Rules } = JSON.parse(text) as { Rules: { Name: string; Description?: string }[] };
    return Rules.find(({ Description }) => Description?.includes('restarts what got stuck'))?.Name ?? '';
}
