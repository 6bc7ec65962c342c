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
 * A stage as a handler, the same for every stage: its input is checked, it runs under an early timeout, its output is
 * checked; how it ended is logged and measured, and a failure leaves as a PipelineError.
 */
export function handlerOf<Context, Input, Output>(
    stage: Stage<Context, Input, Output>,
    context: Context,
    telemetry: Telemetry,
): Handler {
    return async (event, lambdaContext) => {
        const { name } = stage;
        const started = performance.now();
        const about = { stage: name, requestId: lambdaContext.awsRequestId };
        try {
            const input = parseInput(stage, event);
            const remaining = lambdaContext.getRemainingTimeInMillis();
            const output = parseOutput(stage, await beforeTimeout(name, remaining, stage.run(context, input)));
            telemetry.log('info', `${name} done`, { ...about, output });
            telemetry.measure('Succeeded', 1, 'count', name);
            return output;
        } catch (thrown) {
            const error = pipelineError(thrown);
            const { message, stack } = error;
            telemetry.log('error', `${name} failed: ${message}`, { ...about, error: error.name, stack });
            telemetry.measure('Failed', 1, 'count', name);
            throw error;
        } finally {
            telemetry.measure('Duration', performance.now() - started, 'milliseconds', name);
            telemetry.flush();
        }
    };
}

/** State machines route on names: anything that is not a PipelineError becomes one, with its cause. */
function pipelineError(thrown: unknown): PipelineError {
    const error = coerceError(thrown);
    return error instanceof PipelineError ? error : new PipelineError(error.message, { cause: error });
}

function parseInput<Context, Input, Output>({ name, input }: Stage<Context, Input, Output>, event: unknown): Input {
    const parsed = input.safeParse(event);
    if (!parsed.success) throw new UsageError(`The input of ${name} is wrong: ${issuesOf(parsed.error)}.`);
    return parsed.data;
}

function parseOutput<Context, Input, Output>(stage: Stage<Context, Input, Output>, output: unknown): Output {
    const parsed = stage.output.safeParse(output);
    if (!parsed.success) throw new PipelineError(`The output of ${stage.name} is wrong: ${issuesOf(parsed.error)}.`);
    const bytes = Buffer.byteLength(JSON.stringify(parsed.data ?? null));
    const most = stage.mostOutputBytes ?? MOST_OUTPUT_BYTES;
    if (bytes > most) {
        throw new PipelineError(
            `The output of ${stage.name} is ${bytes} bytes; at most ${most} may pass between states.`,
        );
    }
    return parsed.data;
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
