import type { LambdaClient } from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import { invokeFunction } from '#adapters/lambda/invoke.ts';
import { PipelineError } from '#core/errors.ts';

/** A client that answers every call in one way. */
function answering(payload: string, FunctionError?: string) {
    const sent: Record<string, unknown>[] = [];
    const client = {
        async send({ input }: { input: Record<string, unknown> }) {
            sent.push(input);
            return { FunctionError, Payload: new TextEncoder().encode(payload) };
        },
    } as unknown as Pick<LambdaClient, 'send'>;
    return { client, sent };
}

describe('a call of a function', () => {
    it('passes JSON and returns JSON', async () => {
        const { client, sent } = answering('{"restarted":2}');

        expect(await invokeFunction(client, 'lake-sweep', { a: 1 })).toEqual({ restarted: 2 });
        expect(sent[0]?.FunctionName).toBe('lake-sweep');
        expect(String(sent[0]?.Payload)).toBe('{"a":1}');
        expect(await invokeFunction(answering('').client, 'lake-sweep', {})).toBeNull();
    });

    it.each([
        ['{"errorType":"TransientError","errorMessage":"The database is away."}', 'The database is away.'],
        ['{"errorType":"Runtime.ExitError"}', '{"errorType":"Runtime.ExitError"}'],
        ['killed', 'killed'],
    ])('fails with what the function says: %s', async (payload, words) => {
        const failing = invokeFunction(answering(payload, 'Unhandled').client, 'lake-extract', {});

        await expect(failing).rejects.toThrow(PipelineError);
        await expect(failing).rejects.toThrow(`lake-extract failed: ${words}`);
    });
});
