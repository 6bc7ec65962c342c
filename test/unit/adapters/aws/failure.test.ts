import { describe, expect, it } from 'vitest';
import { ask, askForObject, toPipelineError } from '#adapters/aws/failure.ts';
import {
    ConflictError,
    ContractError,
    PipelineError,
    ThrottledError,
    TransientError,
    UsageError,
} from '#core/errors.ts';
import { failure } from '#test/support/fakes/memory-s3.ts';

const ASKED = { action: 's3:PutObject', on: 's3://lake/marts/m.parquet' };

describe('an error of AWS', () => {
    it.each([
        ['SlowDown', 503],
        ['ServiceUnavailable', 503],
        ['ThrottlingException', 400],
        ['TooManyRequestsException', 429],
        ['ExecutionLimitExceeded', 400],
    ])('%s is throttling and says to go slower', (name, status) => {
        const error = toPipelineError(failure(name, status), ASKED);

        expect(error).toBeInstanceOf(ThrottledError);
        expect(error.message).toBe(
            `AWS asks for fewer requests (${name} for s3:PutObject on s3://lake/marts/m.parquet). It is safe to try again, slower.`,
        );
    });

    it.each([
        ['InternalError', 500],
        ['BadGateway', 502],
        ['RequestTimeout', 400],
        ['TimeoutError', 0],
    ])('%s passes by itself', (name, status) => {
        const error = toPipelineError(failure(name, status, 'no luck'), ASKED);

        expect(error).toBeInstanceOf(TransientError);
        expect(error.message).toContain(`(${name}: no luck; s3:PutObject on s3://lake/marts/m.parquet). Try again.`);
    });

    it.each(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'ERR_STREAM_PREMATURE_CLOSE'])(
        'a connection that ends with %s passes by itself',
        (code) => {
            expect(toPipelineError(Object.assign(new Error('connect'), { code }), ASKED)).toBeInstanceOf(
                TransientError,
            );
        },
    );

    it.each(['AccessDenied', 'AccessDeniedException', 'UnknownError'])(
        '%s with 403 names the action and what it was for',
        (name) => {
            const error = toPipelineError(failure(name, 403), ASKED);

            expect(error).toBeInstanceOf(UsageError);
            expect(error.message).toBe(
                'Not allowed: s3:PutObject on s3://lake/marts/m.parquet. Give that action to the role or user that asks, then run it again.',
            );
        },
    );

    it.each([failure('ExpiredToken', 400, 'it expired'), new Error('Region is missing')])(
        'about who asks sends people to their settings (%s)',
        (thrown) => {
            const error = toPipelineError(thrown, ASKED);

            expect(error).toBeInstanceOf(UsageError);
            expect(error.message).toContain('AWS does not know who asks');
            expect(error.message).toContain('Check AWS_PROFILE, or the keys and the region');
        },
    );

    it.each(['NoSuchBucket', 'StateMachineDoesNotExist', 'ResourceNotFoundException'])('%s says to deploy', (name) => {
        const error = toPipelineError(failure(name, 404), ASKED);

        expect(error).toBeInstanceOf(UsageError);
        expect(error.message).toContain(`does not exist (${name} for s3:PutObject). Deploy the stack`);
    });

    it.each([
        ['PreconditionFailed', 412],
        ['ConditionalRequestConflict', 409],
    ])('%s is a conflict', (name, status) => {
        const error = toPipelineError(failure(name, status), ASKED);

        expect(error).toBeInstanceOf(ConflictError);
        expect(error.message).toBe('s3://lake/marts/m.parquet was changed by somebody else (s3:PutObject).');
    });

    it('keeps its words and its cause where nothing better is known', () => {
        const thrown = failure('EntityTooLarge', 400, 'too large');
        const error = toPipelineError(thrown, ASKED);

        expect(error.name).toBe('PipelineError');
        expect(error.message).toBe('s3:PutObject on s3://lake/marts/m.parquet failed: EntityTooLarge: too large');
        expect(error.cause).toBe(thrown);
    });

    it('passes when it is one of the pipeline already', async () => {
        const thrown = new ContractError('rejected');

        await expect(ask(ASKED, () => Promise.reject(thrown))).rejects.toBe(thrown);
    });
});

describe('askForObject', () => {
    it.each([
        ['NoSuchKey', 404],
        ['NoSuchVersion', 404],
        ['NotFound', 404],
        ['MethodNotAllowed', 405],
    ])('is undefined where S3 says %s', async (name, status) => {
        expect(await askForObject(ASKED, () => Promise.reject(failure(name, status)))).toBeUndefined();
    });

    it('does not take a missing bucket for a missing object', async () => {
        const asked = askForObject(ASKED, () => Promise.reject(failure('NoSuchBucket', 404)));

        await expect(asked).rejects.toBeInstanceOf(PipelineError);
    });
});
