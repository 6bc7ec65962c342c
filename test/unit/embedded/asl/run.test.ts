import { describe, expect, it } from 'vitest';
import { loadMachine } from '#embedded/asl/load.ts';
import { runExecution } from '#embedded/asl/run.ts';
import { fn, outputOf, runMachine, shortHistory, single } from './run-machine.ts';

const task = (members: object = {}) => single({ Type: 'Task', Resource: fn('f'), ...members });

describe('the end of an execution', () => {
    const slow = { f: () => new Promise(() => {}) };

    it('TIMED_OUT when the machine takes longer than its TimeoutSeconds, which nothing catches', async () => {
        const machine = {
            TimeoutSeconds: 10,
            StartAt: 'T',
            States: {
                T: {
                    Type: 'Task',
                    Resource: fn('f'),
                    TimeoutSeconds: 60,
                    Retry: [{ ErrorEquals: ['States.ALL'] }],
                    Catch: [{ ErrorEquals: ['States.ALL'], Next: 'E' }],
                    End: true,
                },
                E: { Type: 'Succeed' },
            },
        };

        const { result, events, elapsed } = await runMachine(machine, {}, { tasks: slow });

        expect(result).toEqual({ status: 'TIMED_OUT', error: 'States.Timeout', cause: undefined });
        expect(elapsed).toBe(10);
        expect(shortHistory(events).slice(-2)).toEqual(['5<4 TaskStateAborted T', '6<5 ExecutionTimedOut']);
    });

    it('is told to handlers as the earlier of both deadlines', async () => {
        let deadline: number | undefined;
        const f = async (_: unknown, invocation: { deadline: number | undefined }) => {
            deadline = invocation.deadline;
        };

        await outputOf({ ...task({ TimeoutSeconds: 60 }), TimeoutSeconds: 10 }, {}, { tasks: { f } });

        expect(deadline).toBe(Date.parse('2026-01-01T00:00:10.000Z'));
    });

    it('ABORTED when its signal is aborted', async () => {
        const stop = new AbortController();
        const f = async (_: unknown, { signal }: { signal: AbortSignal }) => {
            stop.abort(new Error('stopped by the operator'));
            signal.throwIfAborted();
            return 1;
        };

        const { result, events } = await runMachine(task(), {}, { tasks: { f }, signal: stop.signal });

        expect(result).toEqual({ status: 'ABORTED', error: undefined, cause: 'stopped by the operator' });
        expect(events.at(-1)).toMatchObject({
            type: 'ExecutionAborted',
            details: { cause: 'stopped by the operator' },
        });
    });

    it('ABORTED before anything ran', async () => {
        const { result, events } = await runMachine(task(), {}, { signal: AbortSignal.abort('never mind') });

        expect(result).toEqual({ status: 'ABORTED', error: undefined, cause: 'never mind' });
        expect(events.map((event) => event.type)).toEqual(['ExecutionStarted', 'ExecutionAborted']);
    });

    it('FAILED when its history grows too long', async () => {
        const loop = {
            StartAt: 'A',
            States: {
                A: { Type: 'Pass', Next: 'C' },
                C: { Type: 'Choice', Choices: [{ Variable: '$.x', IsPresent: true, Next: 'Z' }], Default: 'A' },
                Z: { Type: 'Succeed' },
            },
        };

        const { result, events } = await runMachine(loop);

        expect(result).toMatchObject({
            error: 'States.Runtime',
            cause: expect.stringContaining('maximum number of history events (25000)'),
        });
        expect(events.length).toBeLessThanOrEqual(25_000);
    });

    it('is an exception only when the history cannot be kept', async () => {
        const machine = loadMachine(JSON.stringify(task()), { name: 'm' });
        const history = {
            append: () => {
                throw new Error('disk full');
            },
        };

        await expect(runExecution({ machine, name: 'e', input: {}, tasks: () => undefined, history })).rejects.toThrow(
            'disk full',
        );
    });
});
