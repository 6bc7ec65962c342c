import { writeFile } from 'node:fs/promises';
import { createS3Blobs } from '#adapters/s3/blobs.ts';
import { createS3Control } from '#adapters/s3/control.ts';
import { createS3Landing } from '#adapters/s3/landing.ts';
import type { Executions } from '#core/execution/executions.ts';
import type { SourceReader } from '#core/extract/ports.ts';
import type { MartPublisher } from '#core/publish/publisher.ts';
import type { BlobStore } from '#core/store/ports.ts';
import type { ObjectRef } from '#core/types.ts';
import { systemClock } from '#embedded/asl/clock.ts';
import { createExecutionStore } from '#embedded/asl/execution-store.ts';
import { createExecutions } from '#embedded/executions.ts';
import { createMachines } from '#embedded/machines.ts';
import { lambdaContext } from '#embedded/stages.ts';
import { createContext } from '#lambdas/_aws/context.ts';
import { readEnvironment } from '#lambdas/_aws/environment.ts';
import { type DeployedResources, grantsOf } from '#lambdas/_aws/grants.ts';
import { STAGE_NAMES, type StageName } from '#lambdas/_aws/permissions.ts';
import { type Handler, handlerOf, type Stage } from '#lambdas/_chain/chain.ts';
import { PROJECT_ROOT } from '#lambdas/_project/project.ts';
import { createMemoryS3, type StoredObject } from '#test/support/fakes/memory-s3.ts';

const STATES = 'arn:aws:states:eu-central-1:123456789012';

const machine = (name: string) => ({
    machine: `${STATES}:stateMachine:${name}`,
    executions: `${STATES}:execution:${name}:*`,
});

export const RESOURCES = {
    landingBucketArn: 'arn:aws:s3:::landing',
    lakeBucketArn: 'arn:aws:s3:::lake',
    machines: { ingest: machine('ingest'), build: machine('build'), replay: machine('replay') },
    databaseSecretArn: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:database',
    sourceSecretArns: ['arn:aws:secretsmanager:eu-central-1:123456789012:secret:sources/shop'],
} satisfies DeployedResources;

export const ENVIRONMENT = {
    CARTLAKE_LANDING_BUCKET: 'landing',
    CARTLAKE_LAKE_BUCKET: 'lake',
    CARTLAKE_INGEST_MACHINE_ARN: RESOURCES.machines.ingest.machine,
    CARTLAKE_BUILD_MACHINE_ARN: RESOURCES.machines.build.machine,
    CARTLAKE_REPLAY_MACHINE_ARN: RESOURCES.machines.replay.machine,
    CARTLAKE_DATABASE_SECRET_ARN: RESOURCES.databaseSecretArn,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '1024',
    LAMBDA_TASK_ROOT: PROJECT_ROOT,
};

/** The whole pipeline with S3 in memory, each stage under its own grants and nothing else. */
export interface PipelineOnS3 {
    readonly objects: ReadonlyMap<string, readonly StoredObject[]>;
    /** Names of the stages that were called. */
    readonly called: Set<StageName>;
    readonly failures: string[];
    readonly published: string[];
    /** Lands a file as somebody outside would. */
    land(key: string, path: string): Promise<ObjectRef>;
    call(stage: StageName, event: object): Promise<unknown>;
    /** Waits for the executions that run. */
    idle(): Promise<void>;
    /** What somebody outside starts and looks at. */
    executions: Executions;
    blobs: BlobStore;
    control: ReturnType<typeof createS3Control>;
}

/** Whether some grant of a stage covers an action. */
function grantChecker(stage: StageName): (action: string, arn: string) => boolean {
    const grants = grantsOf(stage, RESOURCES);
    const covers = (pattern: string, arn: string) =>
        pattern.endsWith('*') ? arn.startsWith(pattern.slice(0, -1)) : arn === pattern;
    return (action, arn) =>
        grants.some((grant) => grant.actions.includes(action) && grant.resources.some((known) => covers(known, arn)));
}

export async function createPipelineOnS3(folder: string, stages: readonly Stage<never, unknown, unknown>[]) {
    const objects = new Map<string, StoredObject[]>();
    const options = { objects, versioned: ['landing'] };
    const handlers = new Map<string, Handler>();
    const failures: string[] = [];
    const published: string[] = [];
    const called = new Set<StageName>();
    const executions = createExecutions({
        store: createExecutionStore(folder),
        machineOf: createMachines(),
        readObject: ({ bucket, key }) => createS3Blobs(createMemoryS3(options).client, bucket).readText(key),
        clock: systemClock,
        tasks:
            (name) =>
            (payload, { deadline }) =>
                call(name as StageName, payload as object, deadline),
    });

    async function call(stage: StageName, event: object, deadline?: number): Promise<unknown> {
        called.add(stage);
        const handler = handlers.get(stage);
        if (!handler) throw new Error(`The test has no stage ${stage}.`);
        return handler(event, lambdaContext(stage, deadline));
    }

    for (const stage of stages) {
        const name = STAGE_NAMES.find((known) => known === stage.name) as StageName;
        const allows = grantChecker(name);
        const s3 = createMemoryS3(options);
        s3.allows = allows;
        const context = await createContext(name, readEnvironment(name, ENVIRONMENT), {
            s3: () => s3.client,
            executions: async () => guarded(executions, allows),
            publisher: async () => memoryPublisher(published),
            remoteEngine: () => Promise.reject(new Error('This pipeline computes with DuckDB.')),
            mirror: () => Promise.reject(new Error('This pipeline has no Glue.')),
            sources: async () => ({ of: () => customersReader }),
        });
        const onFailure = (error: unknown) => failures.push(String(error));
        const telemetry = {
            log: (level: string, message: string) => level === 'error' && failures.push(message),
            measure: () => undefined,
            flush: () => undefined,
        };
        handlers.set(name, handlerOf(stage as Stage<object, unknown, unknown>, { ...context, onFailure }, telemetry));
    }
    const outside = createMemoryS3(options).client;
    const pipeline: PipelineOnS3 = {
        objects,
        called,
        failures,
        published,
        land: createS3Landing(outside, 'landing').land,
        call,
        idle: executions.idle,
        executions,
        blobs: createS3Blobs(outside, 'lake'),
        control: createS3Control(outside, 'lake'),
    };
    return pipeline;
}

function guarded(executions: Executions, allows: (action: string, arn: string) => boolean): Executions {
    const require = (action: string, arn: string) => {
        if (!allows(action, arn)) throw new Error(`Not granted: ${action} on ${arn}`);
    };
    return {
        async start(machine, name, input) {
            require('states:StartExecution', RESOURCES.machines[machine].machine);
            await executions.start(machine, name, input);
        },
        async status(machine, name) {
            require('states:DescribeExecution', RESOURCES.machines[machine].executions.replace('*', name));
            return executions.status(machine, name);
        },
    };
}

/** A database with one customer. */
const customersReader: SourceReader = {
    async read({ path }) {
        const text = 'customer_id,segment\nc1,New\n';
        await writeFile(path, text);
        return { rows: 1, bytes: text.length, hash: text, watermark: undefined, tailHash: undefined, advice: ['look'] };
    },
};

/** Remembers which tables it was given, with the number of their rows. */
function memoryPublisher(published: string[]): MartPublisher {
    const versions = new Map<string, string>();
    const publisher: MartPublisher = {
        connected: (work) => work(publisher),
        currentVersions: async () => new Map(versions),
        async publish({ marts }) {
            for (const { table, versionId, change } of marts) {
                let rows = 0;
                for await (const chunk of change.kind === 'full' ? change.rows : change.upserts) {
                    rows += String(chunk).split('\n').length - 1;
                }
                versions.set(table, versionId);
                published.push(`${table}: ${rows}`);
            }
            return marts.map(({ table }) => ({ mart: table, inserted: 0, updated: 0, deleted: 0, skipped: false }));
        },
    };
    return publisher;
}
