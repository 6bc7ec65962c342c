import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { PipelineError } from '#core/errors.ts';
import { ask } from '../aws/failure.ts';

const CONNECT_MS = 5_000;
/** The longest a function may take, and a little for the answer. */
const ANSWER_MS = 15 * 60_000 + 10_000;

/** A client for the region and endpoint of the environment. A call that takes long is not made a second time. */
export function createLambdaClient(): LambdaClient {
    return new LambdaClient({
        maxAttempts: 1,
        requestHandler: { connectionTimeout: CONNECT_MS, socketTimeout: ANSWER_MS },
    });
}

/**
 * Calls a function, waits for its end and returns its answer.
 *
 * @throws PipelineError with the function's own words when it fails
 */
export async function invokeFunction(
    client: Pick<LambdaClient, 'send'>,
    name: string,
    input: Readonly<Record<string, unknown>>,
): Promise<unknown> {
    const invoke = new InvokeCommand({ FunctionName: name, Payload: Buffer.from(JSON.stringify(input)) });
    const { FunctionError, Payload } = await ask({ action: 'lambda:InvokeFunction', on: name }, () =>
        (client as LambdaClient).send(invoke),
    );
    const text = Buffer.from(Payload ?? []).toString() || 'null';
    if (FunctionError === undefined) return JSON.parse(text);
    throw new PipelineError(`${name} failed: ${wordsOf(text)}`);
}

/** What a function throws arrives as JSON; what kills its process may arrive as anything. */
function wordsOf(text: string): string {
    try {
        const { errorMessage } = (JSON.parse(text) ?? {}) as { errorMessage?: unknown };
        return typeof errorMessage === 'string' ? errorMessage : text;
    } catch {
        return text;
    }
}
