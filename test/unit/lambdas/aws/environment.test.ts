import { describe, expect, it } from 'vitest';
import { UsageError } from '#core/errors.ts';
import { readEnvironment } from '#lambdas/_aws/environment.ts';
import { ENVIRONMENT } from './pipeline-on-s3.ts';

const { CARTLAKE_DATABASE_SECRET_ARN: _, ...withoutSecret } = ENVIRONMENT;

describe('the environment of a function', () => {
    it('is typed, with defaults', () => {
        expect(readEnvironment('admit', withoutSecret)).toEqual({
            ...withoutSecret,
            CARTLAKE_ENGINE: 'duckdb',
            POWERTOOLS_TRACE_ENABLED: false,
            AWS_LAMBDA_FUNCTION_MEMORY_SIZE: 1024,
        });
    });

    it('takes what is set instead', () => {
        const set = { CARTLAKE_MEMORY_MB: '512', CARTLAKE_PROJECT_ROOT: '/p', POWERTOOLS_TRACE_ENABLED: 'true' };

        expect(readEnvironment('build', { ...ENVIRONMENT, ...set })).toMatchObject({
            CARTLAKE_MEMORY_MB: 512,
            CARTLAKE_PROJECT_ROOT: '/p',
            POWERTOOLS_TRACE_ENABLED: true,
        });
    });

    it('names the secret only where a stage connects to the database', () => {
        expect(() => readEnvironment('publish', withoutSecret)).toThrow(
            'The environment of publish is wrong: CARTLAKE_DATABASE_SECRET_ARN is not set. Deploy the stack again.',
        );
    });

    it('lists everything that is missing or wrong at once', () => {
        const read = () =>
            readEnvironment('probe', {
                ...withoutSecret,
                CARTLAKE_LAKE_BUCKET: undefined,
                CARTLAKE_BUILD_MACHINE_ARN: 'cartlake-build',
                CARTLAKE_ENGINE: 'spark',
            });

        expect(read).toThrow(UsageError);
        expect(read).toThrow('CARTLAKE_LAKE_BUCKET is not set');
        expect(read).toThrow('CARTLAKE_BUILD_MACHINE_ARN is "cartlake-build"');
        expect(read).toThrow('CARTLAKE_ENGINE is "spark"');
    });
});
