import { ConflictError, coerceError, PipelineError, ThrottledError, TransientError, UsageError } from '#core/errors.ts';

/** What was asked of a service, in words a policy and a person understand. */
export interface Asked {
    /** As IAM calls it: `s3:PutObject`. */
    readonly action: string;
    /** What it was asked on: `s3://bucket/key`, an ARN. */
    readonly on: string;
}

const THROTTLED = new Set([
    'ExecutionLimitExceeded',
    'LimitExceededException',
    'RequestLimitExceeded',
    'RequestThrottled',
    'RequestThrottledException',
    'SlowDown',
    'ThrottledException',
    'Throttling',
    'ThrottlingException',
    'TooManyRequestsException',
]);
const DENIED = new Set(['AccessDenied', 'AccessDeniedException', 'AllAccessDisabled', 'Forbidden']);
const WHO = new Set([
    'CredentialsProviderError',
    'ExpiredToken',
    'ExpiredTokenException',
    'InvalidAccessKeyId',
    'InvalidClientTokenId',
    'SignatureDoesNotMatch',
    'TokenProviderError',
    'UnrecognizedClientException',
]);
const NOT_DEPLOYED = new Set([
    'AWS.SimpleQueueService.NonExistentQueue',
    'NoSuchBucket',
    'QueueDoesNotExist',
    'ResourceNotFoundException',
    'StateMachineDoesNotExist',
]);
/** HEAD answers have no body, so their errors have no name but `NotFound`. */
const MISSING = new Set(['NoSuchKey', 'NoSuchVersion', 'NotFound']);
const NETWORK = new Set([
    'EAI_AGAIN',
    'ECONNABORTED',
    'ECONNREFUSED',
    'ECONNRESET',
    'EHOSTUNREACH',
    'ENETUNREACH',
    'ENOTFOUND',
    'EPIPE',
    'ERR_STREAM_PREMATURE_CLOSE',
    'ETIMEDOUT',
]);

/** Sends a request; what fails becomes an error of the pipeline. */
export async function ask<T>(asked: Asked, send: () => Promise<T>): Promise<T> {
    try {
        return await send();
    } catch (error) {
        throw toPipelineError(error, asked);
    }
}

/** As `ask`, and undefined where S3 has no such object, no such version, or a mark that it was deleted. */
export async function askForObject<T>(asked: Asked, send: () => Promise<T>): Promise<T | undefined> {
    return ask(asked, () =>
        send().catch((error: unknown) => {
            // 405: the version is a delete marker.
            if (MISSING.has(nameOf(error)) || statusOf(error) === 405) return undefined;
            throw error;
        }),
    );
}

/** Translates an error of the AWS SDK; errors of the pipeline pass. */
export function toPipelineError(thrown: unknown, { action, on }: Asked): PipelineError {
    if (thrown instanceof PipelineError) return thrown;
    const error = coerceError(thrown);
    const name = nameOf(error);
    const status = statusOf(error);
    const options = { cause: error };
    if (status === 412 || name === 'ConditionalRequestConflict' || name === 'PreconditionFailed') {
        return new ConflictError(`${on} was changed by somebody else (${action}).`, options);
    }
    if (THROTTLED.has(name) || status === 503 || status === 429) {
        return new ThrottledError(
            `AWS asks for fewer requests (${name} for ${action} on ${on}). It is safe to try again, slower.`,
            options,
        );
    }
    if (WHO.has(name) || error.message === 'Region is missing') {
        return new UsageError(
            `AWS does not know who asks (${name}: ${error.message}). Check AWS_PROFILE, or the keys and the region in the environment.`,
            options,
        );
    }
    if (DENIED.has(name) || status === 403) {
        return new UsageError(
            `Not allowed: ${action} on ${on}. Give that action to the role or user that asks, then run it again.`,
            options,
        );
    }
    if (NOT_DEPLOYED.has(name)) {
        return new UsageError(
            `${on} does not exist (${name} for ${action}). Deploy the stack, or check the name and the region.`,
            options,
        );
    }
    if (isTransient(error, name, status)) {
        return new TransientError(
            `AWS could not be reached or failed (${name}: ${error.message}; ${action} on ${on}). Try again.`,
            options,
        );
    }
    return new PipelineError(`${action} on ${on} failed: ${name}: ${error.message}`, options);
}

function isTransient(error: Error, name: string, status: number | undefined): boolean {
    if (status !== undefined && status >= 500) return true;
    if (name === 'TimeoutError' || name === 'RequestTimeout' || name === 'RequestTimeoutException') return true;
    return 'code' in error && typeof error.code === 'string' && NETWORK.has(error.code);
}

/** The service's name of an error: `SlowDown`. */
export function nameOf(error: unknown): string {
    return error instanceof Error ? error.name : '';
}

/** The HTTP status of an error, if an answer came. */
export function statusOf(error: unknown): number | undefined {
    const metadata = error instanceof Error && '$metadata' in error ? error.$metadata : undefined;
    if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
    return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}
