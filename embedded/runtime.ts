import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { removeAbandonedScratch } from '#adapters/folder/abandoned.ts';
import { ensureBuilder, readRequests, requestBuild } from '#core/build/requests.ts';
import type { Admission } from '#core/ingest/admit.ts';
import { type Sweep, sweep } from '#core/ledger/sweep.ts';
import type { ObjectRef } from '#core/types.ts';
import type { Handler } from '#lambdas/_chain/chain.ts';
import { systemClock } from './asl/clock.ts';
import { createExecutionStore, type ExecutionStore } from './asl/execution-store.ts';
import { createContext, type EmbeddedContext } from './context.ts';
import { createDatabaseServer, type DatabaseServer } from './database-server.ts';
import { createExecutions, type EmbeddedExecutions } from './executions.ts';
import { createMachines } from './machines.ts';
import type { Project } from './project.ts';
import { lambdaContext, loadBuildStages, resolverOf, stageHandlers } from './stages.ts';
import { createFileTelemetry } from './telemetry.ts';

export interface RuntimeOptions {
    readonly lake: string;
    readonly project: Project;
    /** A database of one's own instead of the lake's. */
    readonly postgresUrl?: string | undefined;
    /** Bytes DuckDB may use. */
    readonly memory?: number | undefined;
    /** Builds that are asked for stay requests; another process does them. `settle` waits for ingest alone then. */
    readonly holdBuilds?: boolean | undefined;
    /** Hears the name of each stage as it begins; for progress on a terminal. */
    readonly onStage?: ((stage: string, input: unknown) => void) | undefined;
    /** Makes each call of a stage: `call` does its work. For tests, which let calls fail. */
    readonly around?: ((stage: string, call: () => Promise<unknown>) => Promise<unknown>) | undefined;
}

/** The whole pipeline in this process. */
export interface Runtime {
    readonly context: EmbeddedContext;
    readonly executions: ExecutionStore;
    readonly database: DatabaseServer;
    /** Does something during which files arrive: no build begins before they are all there. */
    during<T>(work: () => Promise<T>): Promise<T>;
    /** Resolves when a file that arrives now is the next to be taken in: whoever has many waits for it before each. */
    room(): Promise<void>;
    /** Delivers landed objects as S3 and EventBridge would. Throws the first error of a delivery that failed. */
    deliver(objects: readonly ObjectRef[]): Promise<Admission[]>;
    /** Restarts what earlier processes left unfinished. */
    sweep(): Promise<Sweep>;
    requestBuild(): Promise<number>;
    /** Waits until nothing runs here and every requested build is done, also by another process. */
    settle(): Promise<void>;
    close(): Promise<void>;
}

/** Retries wait a tenth of what the service would: a disk or a server beside us answers sooner. */
const clock = { ...systemClock, sleep: (ms: number, signal: AbortSignal) => systemClock.sleep(ms / 10, signal) };

export async function createRuntime(options: RuntimeOptions): Promise<Runtime> {
    const lake = resolve(options.lake);
    const store = createExecutionStore(lake, clock);
    const database = await createDatabaseServer(lake, options.postgresUrl);
    const handlers = new Map<string, Handler>();
    const resolveTask = resolverOf(handlers);
    const executions = createExecutions({
        store,
        machineOf: createMachines(),
        clock,
        holdBuilds: options.holdBuilds,
        onLastFiles() {
            void context.openEngine();
            void loadBuildStages();
        },
        readObject: ({ key }) => context.blobs.readText(key),
        tasks: (name) => {
            const task = resolveTask(name);
            return (
                task &&
                (async (payload, invocation) => {
                    options.onStage?.(name, payload);
                    const call = () => task(payload, invocation);
                    return options.around ? options.around(name, call) : call();
                })
            );
        },
    });
    const { project, memory } = options;
    const context: EmbeddedContext = createContext({
        lake,
        project,
        executions,
        publisher: database.publisher,
        memory,
    });
    const admissions: Admission[] = [];
    const failures: unknown[] = [];
    const listening = {
        ...context,
        onAdmission: (admission: Admission) => admissions.push(admission),
        onFailure: (error: unknown) => failures.push(error),
    };
    for (const [name, handler] of stageHandlers(listening, createFileTelemetry(lake))) handlers.set(name, handler);

    return {
        context,
        executions: store,
        database,
        during: executions.during,
        room: executions.room,
        async deliver(objects) {
            const Records = objects.map((object) => ({
                messageId: randomUUID(),
                body: JSON.stringify(objectCreatedEvent(object)),
            }));
            await handlers.get('admit')?.({ Records }, lambdaContext('admit', undefined));
            if (failures.length > 0) throw failures.splice(0)[0];
            return admissions.splice(0);
        },
        async sweep() {
            await removeAbandonedScratch(lake);
            return sweep(context);
        },
        requestBuild: () => requestBuild(context),
        settle: () => (options.holdBuilds ? executions.idle() : settle(context, executions)),
        async close() {
            await executions.idle();
            context.close();
            await database.close();
        },
    };
}

function objectCreatedEvent({ bucket, key, version }: ObjectRef): object {
    return {
        'detail-type': 'Object Created',
        source: 'aws.s3',
        detail: { bucket: { name: bucket }, object: { key, 'version-id': version } },
    };
}

const POLL_MS = 100;

/** A build that fails is not started again here: its requests stay open, and what failed stands in its execution. */
async function settle(context: EmbeddedContext, executions: EmbeddedExecutions): Promise<void> {
    for (;;) {
        await executions.idle();
        const { requested, built, owner } = await readRequests(context.control);
        if (requested <= built) return;
        const status = owner === undefined ? undefined : await context.executions.status('build', owner);
        if (status === 'RUNNING') await new Promise((wake) => setTimeout(wake, POLL_MS));
        else if (status === 'FAILED' || status === 'TIMED_OUT') return;
        else await ensureBuilder(context);
    }
}
