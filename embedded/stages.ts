import { randomUUID } from 'node:crypto';
import { type Handler, handlerOf, type LambdaContext, type Stage } from '#lambdas/_chain/chain.ts';
import type { Telemetry } from '#lambdas/_chain/telemetry.ts';
import { admitStage } from '#lambdas/admit/handler.ts';
import { buildStage } from '#lambdas/build/handler.ts';
import { checkStage } from '#lambdas/check/handler.ts';
import { failStage } from '#lambdas/fail/handler.ts';
import { finishStage } from '#lambdas/finish/handler.ts';
import { haltStage } from '#lambdas/halt/handler.ts';
import { planStage } from '#lambdas/plan/handler.ts';
import { probeStage } from '#lambdas/probe/handler.ts';
import { promoteStage } from '#lambdas/promote/handler.ts';
import { publishStage } from '#lambdas/publish/handler.ts';
import { registerStage } from '#lambdas/register/handler.ts';
import { rejectStage } from '#lambdas/reject/handler.ts';
import { reportStage } from '#lambdas/report/handler.ts';
import { requestStage } from '#lambdas/request/handler.ts';
import { rereadStage } from '#lambdas/reread/handler.ts';
import { stageStage } from '#lambdas/stage/handler.ts';
import type { TaskResolver } from './asl/execution.ts';
import type { EmbeddedContext } from './context.ts';

const STAGES = [
    admitStage,
    probeStage,
    stageStage,
    registerStage,
    rejectStage,
    failStage,
    planStage,
    buildStage,
    checkStage,
    promoteStage,
    haltStage,
    publishStage,
    reportStage,
    finishStage,
    rereadStage,
    requestStage,
] as const;

/** What a stage may still take when nothing limits it. */
const NO_DEADLINE_MS = 24 * 3_600_000;

/** The bucket of a lake in a folder, as machines name it. */
const LAKE_BUCKET = 'lake';

/** What stands for `${ProbeFunction}` and its siblings in the machines: here a function's name is its stage. */
export function machinePlaceholders(): Record<string, string> {
    const functions = STAGES.map(({ name }) => [`${name[0]?.toUpperCase()}${name.slice(1)}Function`, name]);
    return { ...Object.fromEntries(functions), LakeBucket: LAKE_BUCKET };
}

/** The handlers of all stages over one context, by name. */
export function stageHandlers(
    context: EmbeddedContext & AdmissionListener,
    telemetry: Telemetry,
): ReadonlyMap<string, Handler> {
    const handler = <Input, Output>(stage: Stage<never, Input, Output>) =>
        [stage.name, handlerOf(stage as Stage<typeof context, Input, Output>, context, telemetry)] as const;
    return new Map(STAGES.map((stage) => handler(stage as Stage<never, unknown, unknown>)));
}

type AdmissionListener = Parameters<(typeof admitStage)['run']>[0];

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
