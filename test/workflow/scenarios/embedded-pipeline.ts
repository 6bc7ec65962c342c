import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readRequests } from '#core/build/requests.ts';
import { executionName, ledgerId } from '#core/ledger/entry.ts';
import { startReplay } from '#core/replay/start-replay.ts';
import { allEntries } from '#core/status/entries.ts';
import { createFolderExecutionLog } from '#embedded/execution-log.ts';
import { createRuntime } from '#embedded/runtime.ts';
import { ownProject } from '#test/e2e/lake.ts';
import { martsOf } from './marts.ts';
import type { Fault, Held, Pipeline } from './pipeline.ts';
import { tablesOf } from './tables.ts';

/** What a state machine sees of a call that went wrong. */
const ERRORS: Readonly<Record<Fault, readonly [name: string, message: string]>> = {
    'crash-before': ['Runtime.ExitError', 'Runtime exited with error: signal: killed'],
    'crash-during': ['Runtime.ExitError', 'Runtime exited with error: signal: killed'],
    'crash-after': ['Runtime.ExitError', 'Runtime exited with error: signal: killed'],
    timeout: ['Sandbox.Timedout', 'Task timed out after 300.00 seconds'],
    throttle: ['Lambda.TooManyRequestsException', 'Rate Exceeded.'],
};

const POLL_MS = 20;

/** The whole pipeline in this process, on a lake in an empty folder. */
export async function createEmbeddedPipeline(folder: string): Promise<Pipeline & { close(): Promise<void> }> {
    const faults = new Map<string, Fault[]>();
    const gates = new Map<string, { reach(): void; readonly open: Promise<void> }>();

    async function around(stage: string, call: () => Promise<unknown>): Promise<unknown> {
        const gate = gates.get(stage);
        if (gate) {
            gates.delete(stage);
            gate.reach();
            await gate.open;
        }
        const fault = faults.get(stage)?.shift();
        // No call of this process can be killed alone, so what it does is done here. What dies with the whole process
        // is tried in test/e2e/crash-points.test.ts.
        if (fault === 'crash-after' || fault === 'crash-during') await call();
        if (fault === undefined) return call();
        const [name, message] = ERRORS[fault];
        throw Object.assign(new Error(message), { name });
    }

    const lake = join(folder, 'lake');
    const runtime = await createRuntime({ lake, project: await ownProject(), around });
    const { landing, ledger, control, catalog } = runtime.context;
    const log = createFolderExecutionLog(runtime.executions);

    async function landUnheard(key: string, text: string) {
        const path = join(folder, 'upload');
        await writeFile(path, text);
        return landing.land(key, path);
    }

    return {
        log,
        landUnheard,
        async land(key, text) {
            const object = await landUnheard(key, text);
            await runtime.deliver([object]);
            return object;
        },
        async deliver(object) {
            await runtime.deliver([object]);
        },
        async fail(stage, ...next) {
            faults.set(stage, [...(faults.get(stage) ?? []), ...next]);
        },
        async hold(stage): Promise<Held> {
            const reached = Promise.withResolvers<void>();
            const opened = Promise.withResolvers<void>();
            gates.set(stage, { reach: reached.resolve, open: opened.promise });
            return { reached: reached.promise, release: async () => opened.resolve() };
        },
        sweep: () => runtime.sweep(),
        async replay(entries) {
            const name = (await startReplay(runtime.context, entries)) ?? '';
            await runtime.settle();
            return runtime.context.executions.status('replay', name);
        },
        async ingested(objects) {
            const entries = [];
            for (const object of objects) {
                const entry = await ledger.find(ledgerId(object));
                if (!entry) throw new Error(`${object.key} is not in the ledger.`);
                await until(async () => (await log.find('ingest', executionName(entry)))?.status !== 'RUNNING');
                entries.push((await ledger.find(entry.id)) ?? entry);
            }
            return entries;
        },
        async built() {
            await until(async () => {
                const { requested, built, owner } = await readRequests(control);
                const status = owner && (await runtime.context.executions.status('build', owner));
                return requested <= built || status === 'FAILED';
            });
            // The build's last stage gives the request back a moment before its execution ends.
            await until(async () => (await log.list('build', 1_000)).every((build) => build.status !== 'RUNNING'));
        },
        catalog,
        waiting: async () => ({ arrivals: 0, deadLetters: 0 }),
        entries: () => allEntries(ledger),
        marts: async () => martsOf(await runtime.database.url()),
        tables: () => tablesOf(control, catalog),
        close: () => runtime.close(),
    };
}

async function until(holds: () => Promise<boolean>): Promise<void> {
    while (!(await holds())) await new Promise((wake) => setTimeout(wake, POLL_MS));
}
