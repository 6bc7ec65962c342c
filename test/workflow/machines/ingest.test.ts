import { describe, expect, it } from 'vitest';
import { named, runPipelineMachine, type Stub } from './run-pipeline-machine.ts';

const INPUT = { id: 'abc', attempt: 1 };

const GOOD: Record<string, Stub> = {
    probe: () => ({ dataset: 'orders', format: 'csv', columns: 4, compression: 'none', encoding: 'utf-8' }),
    stage: () => ({ summaryKey: 'staging/orders/abc/staged.json', read: 10, accepted: 9, rejected: 1 }),
    register: () => ({ build: 1 }),
    reject: () => ({ reason: 'no such column' }),
    fail: () => ({ reason: 'the disk is full' }),
};

const run = (stubs: Record<string, Stub> = {}) => runPipelineMachine('ingest', INPUT, { ...GOOD, ...stubs });

describe('the ingest of a file', () => {
    it('is probed, staged and registered', async () => {
        const { result, calls } = await run();

        expect(result).toEqual({
            status: 'SUCCEEDED',
            output: { summaryKey: 'staging/orders/abc/staged.json', read: 10, accepted: 9, rejected: 1 },
        });
        expect(calls).toEqual([
            { stage: 'probe', payload: { id: 'abc' } },
            { stage: 'stage', payload: { id: 'abc', run: 'run-1' } },
            { stage: 'register', payload: { id: 'abc', summaryKey: 'staging/orders/abc/staged.json' } },
        ]);
    });

    it.each(['probe', 'stage'])(
        'is rejected with the reason when %s finds it does not fit its contract',
        async (stage) => {
            const { result, stages, calls, seconds } = await run({
                [stage]: () => {
                    throw named('ContractError', 'no such column');
                },
            });

            expect(result).toEqual({ status: 'FAILED', error: 'ContractError', cause: 'no such column' });
            expect(stages.slice(-2)).toEqual([stage, 'reject']);
            const { id, error } = (calls.at(-1)?.payload ?? {}) as {
                id: string;
                error: { Error: string; Cause: string };
            };
            expect({ id, name: error.Error }).toEqual({ id: 'abc', name: 'ContractError' });
            expect(JSON.parse(error.Cause)).toMatchObject({ errorMessage: 'no such column' });
            expect(seconds).toBe(0);
        },
    );

    it.each(['probe', 'stage', 'register'])('goes on when %s succeeds after transient errors', async (stage) => {
        const { result, stages, seconds } = await run({
            [stage]: (payload, call) => {
                if (call <= 3) throw named('TransientError');
                return GOOD[stage]?.(payload, call);
            },
        });

        expect(result.status).toBe('SUCCEEDED');
        expect(stages.filter((each) => each === stage)).toHaveLength(4);
        expect(seconds).toBe(2 + 4 + 8);
    });

    it.each(['probe', 'stage', 'register'])('notes the failure when %s fails four times', async (stage) => {
        const { result, stages, calls } = await run({
            [stage]: () => {
                throw named('TransientError', 'the disk is full');
            },
        });

        expect(result).toMatchObject({ status: 'FAILED', error: 'TransientError' });
        expect(stages.filter((each) => each === stage)).toHaveLength(4);
        expect(calls.at(-1)).toMatchObject({
            stage: 'fail',
            payload: { id: 'abc', error: { Error: 'TransientError' } },
        });
    });

    it('waits longer, and more often, when it is asked to slow down', async () => {
        const { stages, seconds } = await run({
            probe: () => {
                throw named('ThrottledError');
            },
        });

        expect(stages.filter((each) => each === 'probe')).toHaveLength(7);
        // Half of 5, 10, 20, 40, 60 and 60: jitter is fixed at its middle.
        expect(seconds).toBe((5 + 10 + 20 + 40 + 60 + 60) / 2);
    });

    it('does not repeat what cannot succeed, and notes it', async () => {
        const { result, stages } = await run({
            register: () => {
                throw named('PipelineError', 'a bug');
            },
        });

        expect(result).toMatchObject({ status: 'FAILED', error: 'PipelineError' });
        expect(stages).toEqual(['probe', 'stage', 'register', 'fail']);
    });

    it('retries a stage that outran its time, then notes that', async () => {
        const { result, stages, seconds } = await run({ stage: () => new Promise(() => undefined) });

        expect(result).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
        expect(stages).toEqual(['probe', 'stage', 'stage', 'stage', 'stage', 'fail']);
        expect(seconds).toBe(4 * 900 + 2 + 4 + 8);
    });

    it('keeps the first failure when it cannot be noted', async () => {
        const { result } = await run({
            probe: () => {
                throw named('PipelineError', 'the first');
            },
            fail: () => {
                throw named('PipelineError', 'the second');
            },
        });

        expect(result).toMatchObject({ status: 'FAILED', error: 'PipelineError' });
        expect(result.status === 'FAILED' && result.cause).toContain('the first');
    });

    it('fails when the rejection cannot be written, so that it is tried again', async () => {
        const { result, stages } = await run({
            probe: () => {
                throw named('ContractError', 'no such column');
            },
            reject: () => {
                throw named('TransientError', 'the disk is full');
            },
        });

        expect(result).toMatchObject({ status: 'FAILED', error: 'TransientError' });
        expect(stages).toEqual(['probe', 'reject', 'reject', 'reject', 'reject']);
    });
});
