import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { PipelineError, UsageError } from '#core/errors.ts';
import { lambdaContext } from '#embedded/stages.ts';
import type { AwsContext } from '#lambdas/_aws/context.ts';
import { awsHandler } from '#lambdas/_aws/handler.ts';
import { defineStage } from '#lambdas/_chain/chain.ts';
import { ENVIRONMENT } from './pipeline-on-s3.ts';

const echo = (name: string) =>
    defineStage({
        name,
        input: z.object({ id: z.string() }),
        output: z.object({ bucket: z.string() }),
        async run(_: AwsContext, { id }) {
            if (id === 'bad') throw new UsageError('no such id');
            return { bucket: id };
        },
    });

const lines: Record<string, unknown>[] = [];

beforeEach(() => {
    lines.splice(0);
    for (const [name, value] of Object.entries(ENVIRONMENT)) vi.stubEnv(name, value);
    // Otherwise Powertools writes past the console that is watched here.
    vi.stubEnv('POWERTOOLS_DEV', 'true');
    vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false');
    for (const method of ['log', 'info', 'error'] as const) {
        vi.spyOn(console, method).mockImplementation((text: string) => lines.push(JSON.parse(text)));
    }
});

afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
});

const measures = () => lines.filter((line) => '_aws' in line);

describe('a stage as a function', () => {
    it('answers, logs what it answered and counts it under its own name', async () => {
        const handler = await awsHandler(echo('fail'));
        const answer = await handler({ id: 'lake' }, lambdaContext('fail', undefined));

        expect(answer).toEqual({ bucket: 'lake' });
        expect(lines).toContainEqual(
            expect.objectContaining({ level: 'INFO', message: 'fail done', stage: 'fail', output: { bucket: 'lake' } }),
        );
        const [measured] = measures();
        expect(measured).toMatchObject({ service: 'cartlake', stage: 'fail', Succeeded: 1 });
        expect(measured?.Duration).toBeGreaterThanOrEqual(0);
        expect(JSON.stringify(measured?._aws)).toContain('"Namespace":"Cartlake","Dimensions":[["service","stage"]]');
    });

    it('fails with the name that machines route on', async () => {
        const handler = await awsHandler(echo('fail'));

        await expect(handler({ id: 'bad' }, lambdaContext('fail', undefined))).rejects.toMatchObject({
            name: 'UsageError',
            message: 'no such id',
        });
        expect(lines).toContainEqual(expect.objectContaining({ level: 'ERROR', error: 'UsageError' }));
        expect(measures()[0]).toMatchObject({ Failed: 1 });
    });

    it('does not start in a wrong environment', async () => {
        vi.stubEnv('CARTLAKE_LAKE_BUCKET', '');

        await expect(awsHandler(echo('fail'))).rejects.toThrow(UsageError);
        await expect(awsHandler(echo('fail'))).rejects.toThrow('CARTLAKE_LAKE_BUCKET is ""');
    });

    it('does not start for a stage whose needs nobody wrote down', async () => {
        await expect(awsHandler(echo('polish'))).rejects.toThrow(PipelineError);
        await expect(awsHandler(echo('polish'))).rejects.toThrow('The stage polish has no needs.');
    });
});
