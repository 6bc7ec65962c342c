import { afterEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { ContractError, PipelineError, TransientError, UsageError } from '#core/errors.ts';
import { defineStage, handlerOf, type LambdaContext } from '#lambdas/_chain/chain.ts';
import { createFakeTelemetry } from '#test/support/fakes/telemetry.ts';

afterEach(() => vi.useRealTimers());

const lambdaContext = (remaining = 60_000): LambdaContext => ({
    awsRequestId: 'request-1',
    functionName: 'double',
    getRemainingTimeInMillis: () => remaining,
});

type Context = { work: (n: number) => Promise<unknown> | unknown };

const double = defineStage({
    name: 'double',
    input: z.object({ n: z.number(), note: z.string().default('none') }),
    output: z.object({ n: z.number() }).loose(),
    run: async (context: Context, { n }) => (await context.work(n)) as { n: number },
});

function called(work: Context['work'], event: unknown = { n: 2 }, remaining?: number) {
    const telemetry = createFakeTelemetry();
    const handler = handlerOf(double, { work }, telemetry);
    return { telemetry, result: handler(event, lambdaContext(remaining)) };
}

async function failure(work: Context['work'], event?: unknown, remaining?: number) {
    const { telemetry, result } = called(work, event, remaining);
    const error = (await result.catch((thrown: unknown) => thrown)) as Error;
    return { telemetry, error };
}

describe('a stage that succeeds', () => {
    it('returns what its schema knows, says so once and is measured', async () => {
        const { telemetry, result } = called((n) => ({ n: n * 2 }));

        expect(await result).toEqual({ n: 4 });
        expect(telemetry.lines).toEqual([
            {
                level: 'info',
                message: 'double done',
                fields: { stage: 'double', requestId: 'request-1', output: { n: 4 } },
            },
        ]);
        expect(telemetry.measures).toEqual([
            { name: 'Succeeded', value: 1, unit: 'count', stage: 'double' },
            { name: 'Duration', value: expect.any(Number), unit: 'milliseconds', stage: 'double' },
        ]);
        expect(telemetry.measures[1]?.value).toBeGreaterThanOrEqual(0);
        expect(telemetry.flushes).toBe(1);
    });

    it('gets its input with defaults and without what the schema does not name', async () => {
        const seen: unknown[] = [];
        const stage = defineStage({ ...double, run: async (_: object, input) => ({ n: seen.push(input) }) });
        await handlerOf(stage, {}, createFakeTelemetry())({ n: 1, more: true }, lambdaContext());

        expect(seen).toEqual([{ n: 1, note: 'none' }]);
    });

    it('can be called again and again', async () => {
        const telemetry = createFakeTelemetry();
        const handler = handlerOf(double, { work: (n) => ({ n }) }, telemetry);
        const results = await Promise.all([1, 2, 3].map((n) => handler({ n }, lambdaContext())));

        expect(results).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
        expect(telemetry.flushes).toBe(3);
    });
});

describe('a wrong input', () => {
    it('is refused with the place of each fault, before the stage runs', async () => {
        const work = vi.fn();
        const { error, telemetry } = await failure(work, { n: 'two', note: 5 });

        expect(error).toBeInstanceOf(UsageError);
        expect(error.message).toMatch(/^The input of double is wrong: n: .*; note: .*\.$/);
        expect(work).not.toHaveBeenCalled();
        expect(telemetry.measures[0]).toMatchObject({ name: 'Failed' });
    });

    it.each([null, undefined, 'text'])('may be %j altogether', async (event) => {
        const { error } = await failure(() => ({ n: 1 }), event ?? null);

        expect(error.message).toMatch(/^The input of double is wrong: value: /);
    });
});

describe('a wrong output', () => {
    it('is a fault of the stage', async () => {
        const { error } = await failure(() => ({ n: 'four' }));

        expect(error).toBeInstanceOf(PipelineError);
        expect(error.name).toBe('PipelineError');
        expect(error.message).toMatch(/^The output of double is wrong: n: /);
    });

    it('is one that is too large to pass between states', async () => {
        const { error, telemetry } = await failure(() => ({ n: 1, rows: 'ä'.repeat(5000) }));

        expect(error.message).toBe('The output of double is 10017 bytes; at most 8192 may pass between states.');
        expect(telemetry.lines).toHaveLength(1);
        expect(telemetry.lines[0]?.level).toBe('error');
    });
});

describe('a stage that lists what its machine goes through', () => {
    it('may say how large its output gets, and no larger', async () => {
        const stage = defineStage({ ...double, mostOutputBytes: 10_100 });
        const of = (count: number) =>
            handlerOf(
                stage,
                { work: (n) => ({ n, rows: 'ä'.repeat(count) }) },
                createFakeTelemetry(),
            )({ n: 2 }, lambdaContext());

        expect(await of(5_000)).toMatchObject({ n: 2 });
        await expect(of(5_050)).rejects.toThrow('The output of double is 10117 bytes; at most 10100 may pass');
    });
});

describe('a stage that fails', () => {
    it('keeps the name that state machines route on, is logged once and measured', async () => {
        const { error, telemetry } = await failure(() => {
            throw new ContractError('no such column');
        });

        expect(error).toMatchObject({ name: 'ContractError', message: 'no such column' });
        expect(telemetry.lines).toMatchObject([
            {
                level: 'error',
                message: 'double failed: no such column',
                fields: { stage: 'double', requestId: 'request-1', error: 'ContractError', stack: expect.any(String) },
            },
        ]);
        expect(telemetry.measures.map(({ name }) => name)).toEqual(['Failed', 'Duration']);
        expect(telemetry.flushes).toBe(1);
    });

    it.each([
        ['a plain error', new TypeError('x is not a function'), 'x is not a function'],
        ['a text', 'thrown text', 'thrown text'],
    ])('with %s becomes a PipelineError that keeps it as its cause', async (_, thrown, message) => {
        const { error, telemetry } = await failure(() => Promise.reject(thrown));

        expect(error).toMatchObject({ name: 'PipelineError', message });
        expect(error).toBeInstanceOf(PipelineError);
        expect(telemetry.lines[0]?.fields.error).toBe('PipelineError');
    });
});

describe('the time a stage has', () => {
    it('ends two seconds early, so that the failure can still be written down', async () => {
        vi.useFakeTimers();
        const { result, telemetry } = called(() => new Promise(() => undefined), { n: 1 }, 10_000);
        const outcome = expect(result).rejects.toThrow('double ran out of time (10 s). It is safe to run again.');
        await vi.advanceTimersByTimeAsync(7_990);
        expect(telemetry.flushes).toBe(0);
        await vi.advanceTimersByTimeAsync(20);
        await outcome;

        await expect(result).rejects.toThrow(TransientError);
        expect(telemetry.flushes).toBe(1);
    });

    it('may be nearly over from the start', async () => {
        const { error } = await failure(() => new Promise(() => undefined), { n: 1 }, 500);

        expect(error.name).toBe('TransientError');
    });

    it('leaves no timer behind', async () => {
        vi.useFakeTimers();
        await called((n) => ({ n })).result;

        expect(vi.getTimerCount()).toBe(0);
    });

    it('does not let a failure that comes too late go unheard of, or crash the process', async () => {
        vi.useFakeTimers();
        const { result } = called(
            () => new Promise((_, reject) => setTimeout(() => reject(new Error('late')), 20_000)),
            { n: 1 },
            10_000,
        );
        const outcome = expect(result).rejects.toThrow('ran out of time');
        await vi.advanceTimersByTimeAsync(30_000);
        await outcome;
    });
});
