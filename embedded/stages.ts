import { randomUUID } from 'node:crypto';
import type { Handler, LambdaContext, Stage } from '#lambdas/_chain/chain.ts';
import type { Telemetry } from '#lambdas/_chain/telemetry.ts';
import type { TaskResolver } from './asl/execution.ts';
import type { EmbeddedContext } from './context.ts';
import { leaveOutWebSockets } from './web-sockets.ts';

/** Stages by name. Each is loaded when it is first called: most commands call none, and builds come after ingest. */
const STAGES = {
    admit: async () => (await import('#lambdas/admit/handler.ts')).admitStage,
    probe: async () => (await import('#lambdas/probe/handler.ts')).probeStage,
    stage: async () => (await import('#lambdas/stage/handler.ts')).stageStage,
    register: async () => (await import('#lambdas/register/handler.ts')).registerStage,
    reject: async () => (await import('#lambdas/reject/handler.ts')).rejectStage,
    fail: async () => (await import('#lambdas/fail/handler.ts')).failStage,
    plan: async () => (await import('#lambdas/plan/handler.ts')).planStage,
    build: async () => (await import('#lambdas/build/handler.ts')).buildStage,
    check: async () => (await import('#lambdas/check/handler.ts')).checkStage,
    promote: async () => (await import('#lambdas/promote/handler.ts')).promoteStage,
    halt: async () => (await import('#lambdas/halt/handler.ts')).haltStage,
    publish: async () => (await import('#lambdas/publish/handler.ts')).publishStage,
    report: async () => (await import('#lambdas/report/handler.ts')).reportStage,
    finish: async () => (await import('#lambdas/finish/handler.ts')).finishStage,
    reread: async () => (await import('#lambdas/reread/handler.ts')).rereadStage,
    request: async () => (await import('#lambdas/request/handler.ts')).requestStage,
} as const;

/** What a stage may still take when nothing limits it. */
const NO_DEADLINE_MS = 24 * 3_600_000;

/** The bucket of a lake in a folder, as machines name it. */
const LAKE_BUCKET = 'lake';

/** What stands for `${ProbeFunction}` and its siblings in the machines: here a function's name is its stage. */
export function machinePlaceholders(): Record<string, string> {
    const functions = Object.keys(STAGES).map((name) => [`${name[0]?.toUpperCase()}${name.slice(1)}Function`, name]);
    return { ...Object.fromEntries(functions), LakeBucket: LAKE_BUCKET };
}

/** By then the first statements of a build are on their way, and this process waits for the engine. */
const AT_WORK_MS = 250;

/** Loads what a build goes through, in its order, once. What cannot be loaded says so when it is called. */
export async function loadBuildStages(): Promise<void> {
    const sources = [
        STAGES.plan,
        STAGES.build,
        STAGES.check,
        STAGES.promote,
        STAGES.publish,
        () => import('#adapters/postgres/publish.ts'),
        STAGES.report,
        async () => (await import('#adapters/xlsx/workbook.ts')).loadWorkbooks(),
        STAGES.finish,
    ];
    for (const load of sources) await load().catch(() => undefined);
}

type LoadStage = () => Promise<Stage<never, unknown, unknown>>;

/** The handlers of all stages over one context, by name. */
export function stageHandlers(
    context: EmbeddedContext & AdmissionListener,
    telemetry: Telemetry,
): ReadonlyMap<string, Handler> {
    const handler = (name: string, load: LoadStage): Handler => {
        let loaded: Promise<Handler> | undefined;
        const first = async () => {
            if (name === 'build') setTimeout(loadBuildStages, AT_WORK_MS).unref();
            leaveOutWebSockets();
            const { handlerOf } = await import('#lambdas/_chain/chain.ts');
            return handlerOf((await load()) as Stage<typeof context, unknown, unknown>, context, telemetry);
        };
        return async (event, lambdaContext) => {
            loaded ??= first();
            return (await loaded)(event, lambdaContext);
        };
    };
    return new Map(Object.entries(STAGES).map(([name, load]) => [name, handler(name, load as LoadStage)]));
}

type AdmissionListener = Parameters<Awaited<ReturnType<(typeof STAGES)['admit']>>['run']>[0];

/** Lets state machines call handlers the way the service would. */
export function resolverOf(handlers: ReadonlyMap<string, Handler>): TaskResolver {
    return (name) => {
        const handler = handlers.get(name);
        return handler && ((payload, { deadline }) => handler(payload, lambdaContext(name, deadline)));
    };
}

export function lambdaContext(functionName: string, deadline: number | undefined): LambdaContext {
    const end = deadline ?? Date.now() + NO_DEADLINE_MS;
    return { awsRequestId: randomUUID(), functionName, getRemainingTimeInMillis: () => Math.max(end - Date.now(), 0) };
}
