import middy, { type MiddlewareObj, type Request } from '@middy/core';
import type { z } from 'zod';
import { coerceError, PipelineError, TransientError, UsageError } from '#core/errors.ts';
import type { Telemetry } from './telemetry.ts';

/** One stage of the pipeline: a verb, what goes in and out, and the core function it calls. */
export interface Stage<Context, Input, Output> {
    readonly name: string;
    readonly input: z.ZodType<Input>;
    readonly output: z.ZodType<Output>;
    /** Bytes its output may have; 8 KiB unless it lists what the machine goes through. */
    readonly mostOutputBytes?: number;
    run(context: Context, input: Input): Promise<Output>;
}

/** A handler as Lambda calls it. */
export type Handler = (event: unknown, lambdaContext: LambdaContext) => Promise<unknown>;

/** The part of Lambda's context a handler uses. */
export interface LambdaContext {
    readonly awsRequestId: string;
    readonly functionName: string;
    getRemainingTimeInMillis(): number;
}

/** State between steps carries ids and keys, never rows. */
const MOST_OUTPUT_BYTES = 8 * 1024;
/** Kept back from the timeout, so that the failure can still be written down. */
const GRACE_MS = 2_000;

/** Declares a stage; inferred types only. */
export function defineStage<Context, Input, Output>(
    stage: Stage<Context, Input, Output>,
): Stage<Context, Input, Output> {
    return stage;
}

/**
 * A stage as a handler: the middy chain that every stage shares. Outermost first: logging and measuring, error
 * names, input schema, the stage under an early timeout, output schema.
 */
export function handlerOf<Context, Input, Output>(
    stage: Stage<Context, Input, Output>,
    context: Context,
    telemetry: Telemetry,
): Handler {
    const chain = middy<unknown, Output>()
        .use(observe(stage.name, telemetry))
        .use(mapErrors())
        .use(parseInput(stage))
        .use(parseOutput(stage))
        .handler(async (event, lambdaContext) =>
            beforeTimeout(stage.name, lambdaContext.getRemainingTimeInMillis(), stage.run(context, event as Input)),
        );
    return chain as unknown as Handler;
}

type Middleware = MiddlewareObj<unknown, unknown>;

function observe(stage: string, telemetry: Telemetry): Middleware {
    const started = new WeakMap<object, number>();
    const end = (request: Request) => {
        telemetry.measure('Duration', performance.now() - (started.get(request) ?? 0), 'milliseconds', stage);
        telemetry.flush();
    };
    return {
        before: (request) => {
            started.set(request, performance.now());
        },
        after: (request) => {
            telemetry.log('info', `${stage} done`, {
                stage,
                requestId: request.context.awsRequestId,
                output: request.response,
            });
            telemetry.measure('Succeeded', 1, 'count', stage);
            end(request);
        },
        onError: (request) => {
            const error = request.error as Error;
            telemetry.log('error', `${stage} failed: ${error.message}`, {
                stage,
                requestId: request.context.awsRequestId,
                error: error.name,
                stack: error.stack,
            });
            telemetry.measure('Failed', 1, 'count', stage);
            end(request);
        },
    };
}

/** State machines route on names: anything that is not a PipelineError becomes one, with its cause. */
function mapErrors(): Middleware {
    return {
        onError: (request) => {
            const error = coerceError(request.error);
            request.error = error instanceof PipelineError ? error : new PipelineError(error.message, { cause: error });
        },
    };
}

function parseInput<Context, Input, Output>(stage: Stage<Context, Input, Output>): Middleware {
    return {
        before: (request) => {
            const parsed = stage.input.safeParse(request.event);
            if (!parsed.success)
                throw new UsageError(`The input of ${stage.name} is wrong: ${issuesOf(parsed.error)}.`);
            request.event = parsed.data;
        },
    };
}

function parseOutput<Context, Input, Output>(stage: Stage<Context, Input, Output>): Middleware {
    return {
        after: (request) => {
            const parsed = stage.output.safeParse(request.response);
            if (!parsed.success)
                throw new PipelineError(`The output of ${stage.name} is wrong: ${issuesOf(parsed.error)}.`);
            const bytes = Buffer.byteLength(JSON.stringify(parsed.data ?? null));
            const most = stage.mostOutputBytes ?? MOST_OUTPUT_BYTES;
            if (bytes > most) {
                throw new PipelineError(
                    `The output of ${stage.name} is ${bytes} bytes; at most ${most} may pass between states.`,
                );
            }
            request.response = parsed.data;
        },
    };
}

function issuesOf(error: z.ZodError): string {
    return error.issues.map(({ path, message }) => `${path.join('.') || 'value'}: ${message}`).join('; ');
}

async function beforeTimeout<T>(stage: string, remaining: number, work: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
        const error = new TransientError(
            `${stage} ran out of time (${Math.round(remaining / 1000)} s). It is safe to run again.`,
        );
        timer = setTimeout(() => reject(error), Math.max(remaining - GRACE_MS, 1));
    });
    try {
        return await Promise.race([work, late]);
    } finally {
        clearTimeout(timer);
    }
}
