import { describe, expect, it } from 'vitest';
import { fn, named, outputOf, runMachine, shortHistory, single } from './run-machine.ts';
import { virtualClock } from './virtual-clock.ts';

const task = (members: object = {}) => single({ Type: 'Task', Resource: fn('f'), ...members });
const invoke = (members: object = {}, parameters: object = { FunctionName: 'f', 'Payload.$': '$' }) =>
    single({ Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Parameters: parameters, ...members });

describe('a Task', () => {
    it('gives a function its input and takes what it returns', async () => {
        expect(await outputOf(task(), { n: 1 }, { tasks: { f: async (payload) => ({ got: payload }) } })).toEqual({
            got: { n: 1 },
        });
    });

    it('applies Parameters, ResultSelector, ResultPath and OutputPath in this order', async () => {
        const state = {
            InputPath: '$.in',
            Parameters: { 'n.$': '$.n' },
            ResultSelector: { 'twice.$': '$.v', 'name.$': '$$.State.Name' },
            ResultPath: '$.result',
            OutputPath: '$.result',
        };
        const double = async (payload: unknown) => ({ v: (payload as { n: number }).n * 2, noise: 1 });

        expect(await outputOf(task(state), { in: { n: 4 } }, { tasks: { f: double } })).toEqual({
            twice: 8,
            name: 'S',
        });
    });

    it('passes results through JSON', async () => {
        const f = async () => ({ at: new Date(0), gone: undefined });

        expect(await outputOf(task(), {}, { tasks: { f } })).toEqual({ at: '1970-01-01T00:00:00.000Z' });
    });

    it('keeps its data from a handler that changes its payload', async () => {
        const f = async (payload: unknown) => {
            (payload as { b: number }).b = 99;
        };

        expect(await outputOf(task({ InputPath: '$.a', ResultPath: null }), { a: { b: 1 } }, { tasks: { f } })).toEqual(
            {
                a: { b: 1 },
            },
        );
    });

    it('takes nothing returned as null', async () => {
        expect(await outputOf(task(), {}, { tasks: { f: async () => undefined } })).toBeNull();
    });

    it.each([
        ['f'],
        ['f:live'],
        ['arn:aws:lambda:eu-west-1:123456789012:function:f'],
        ['arn:aws:lambda:eu-west-1:123456789012:function:f:3'],
        ['123456789012:function:f'],
    ])('finds the function %s for lambda:invoke and wraps its result', async (FunctionName) => {
        const machine = invoke({}, { FunctionName, 'Payload.$': '$.p' });

        expect(await outputOf(machine, { p: [1] }, { tasks: { f: async (payload) => payload } })).toEqual({
            ExecutedVersion: '$LATEST',
            Payload: [1],
            StatusCode: 200,
        });
    });

    it('sends an empty object when lambda:invoke has no Payload', async () => {
        const machine = invoke({ OutputPath: '$.Payload' }, { 'FunctionName.$': '$.name' });

        expect(await outputOf(machine, { name: 'f' }, { tasks: { f: async (payload) => payload } })).toEqual({});
    });

    it('serves a registered integration with its Parameters', async () => {
        const arn = 'arn:aws:states:::states:startExecution';
        const machine = single({ Type: 'Task', Resource: arn, Parameters: { 'Name.$': '$.n' } });
        const run = { integrations: [arn], tasks: { [arn]: async (payload: unknown) => ({ started: payload }) } };

        const { result, events } = await runMachine(machine, { n: 'x' }, run);

        expect(result).toMatchObject({ output: { started: { Name: 'x' } } });
        expect(events[2]).toMatchObject({
            type: 'TaskScheduled',
            details: { resourceType: 'states', resource: 'startExecution', parameters: '{"Name":"x"}' },
        });
    });

    it.each<[string, object, object]>([
        ['function', task(), { error: 'Lambda.ResourceNotFoundException', cause: 'Function not found: f' }],
        ['invoked function', invoke(), { error: 'Lambda.ResourceNotFoundException', cause: 'Function not found: f' }],
    ])('fails when there is no such %s', async (_, machine, expected) => {
        expect((await runMachine(machine)).result).toEqual({ status: 'FAILED', ...expected });
    });

    it('fails when a computed FunctionName is no text', async () => {
        const { result } = await runMachine(invoke({}, { 'FunctionName.$': '$.n' }), { n: 1 });

        expect(result).toMatchObject({
            error: 'States.Runtime',
            cause: expect.stringContaining("'FunctionName' must be"),
        });
    });

    it('fails when an integration has lost its handler', async () => {
        const arn = 'arn:aws:states:::sqs:sendMessage';

        const { result } = await runMachine(single({ Type: 'Task', Resource: arn }), {}, { integrations: [arn] });

        expect(result).toMatchObject({
            error: 'States.Runtime',
            cause: expect.stringContaining(`no handler for ${arn}`),
        });
    });
});

describe('errors of handlers', () => {
    it('keep their name; the cause is what Lambda reports', async () => {
        const error = named('ContractError', 'expected a header');

        const { result } = await runMachine(task(), {}, { tasks: { f: () => Promise.reject(error) } });

        expect(result).toMatchObject({ status: 'FAILED', error: 'ContractError' });
        expect(JSON.parse((result as { cause: string }).cause)).toEqual({
            errorType: 'ContractError',
            errorMessage: 'expected a header',
            trace: error.stack?.split('\n'),
        });
    });

    it('may be anything thrown', async () => {
        const { result } = await runMachine(task(), {}, { tasks: { f: () => Promise.reject('no') } });

        expect(result).toEqual({
            status: 'FAILED',
            error: 'string',
            cause: '{"errorType":"string","errorMessage":"no","trace":[]}',
        });
    });

    it('may be thrown at once', async () => {
        const f = () => {
            throw named('TransientError');
        };

        expect((await runMachine(task(), {}, { tasks: { f } })).result).toMatchObject({ error: 'TransientError' });
    });

    it('include results that are no JSON', async () => {
        const { result } = await runMachine(task(), {}, { tasks: { f: async () => ({ n: 1n }) } });

        expect(result).toMatchObject({ error: 'Runtime.MarshalError' });
    });

    it.each<[string, object, string]>([
        ['function', task(), fn('f')],
        ['integration', invoke(), 'lambda'],
    ])('include a result of a %s above the payload limit, which can be caught', async (_, machine, subject) => {
        const states = machine as { States: { S: object } };
        const catching = {
            StartAt: 'S',
            States: {
                S: { ...states.States.S, Catch: [{ ErrorEquals: ['States.ALL'], Next: 'E' }] },
                E: { Type: 'Pass', End: true },
            },
        };

        expect(await outputOf(catching, {}, { tasks: { f: async () => 'x'.repeat(262_144) } })).toEqual({
            Error: 'States.DataLimitExceeded',
            Cause: `The state/task '${subject}' returned a result with a size exceeding the maximum number of bytes service limit.`,
        });
    });
});

describe('TimeoutSeconds of a Task', () => {
    it('fails it with States.Timeout and tells the handler', async () => {
        const clock = virtualClock();
        let told: AbortSignal | undefined;
        let deadline: number | undefined;
        const f = async (_: unknown, invocation: { signal: AbortSignal; deadline: number | undefined }) => {
            ({ signal: told, deadline } = invocation);
            await clock.sleep(60_000, invocation.signal);
        };

        const { result, events } = await runMachine(task({ TimeoutSeconds: 5 }), {}, { clock, tasks: { f } });

        expect(result).toEqual({ status: 'FAILED', error: 'States.Timeout', cause: undefined });
        expect(clock.elapsed()).toBe(5000);
        expect(told?.aborted).toBe(true);
        expect(deadline).toBe(Date.parse('2026-01-01T00:00:05.000Z'));
        expect(shortHistory(events).slice(2)).toEqual([
            '3<2 LambdaFunctionScheduled',
            '4<3 LambdaFunctionStarted',
            '5<4 LambdaFunctionTimedOut',
            '6<5 ExecutionFailed',
        ]);
        expect(events[2]?.details.timeoutInSeconds).toBe(5);
    });

    it('does not wait for a handler that goes on', async () => {
        const { result } = await runMachine(
            task({ TimeoutSeconds: 1 }),
            {},
            { tasks: { f: () => new Promise(() => {}) } },
        );

        expect(result).toMatchObject({ error: 'States.Timeout' });
    });

    it('leaves a handler alone that is in time', async () => {
        const clock = virtualClock();
        let told: AbortSignal | undefined;
        const f = async (_: unknown, { signal }: { signal: AbortSignal }) => {
            told = signal;
            await clock.sleep(4000, signal);
            return 'done';
        };

        expect(await outputOf(task({ TimeoutSeconds: 5 }), {}, { clock, tasks: { f } })).toBe('done');
        expect(told?.aborted).toBe(false);
    });

    it('can come from the input', async () => {
        const machine = task({ TimeoutSecondsPath: '$.t' });
        const tasks = { f: () => new Promise(() => {}) };

        expect((await runMachine(machine, { t: 3 }, { tasks })).elapsed).toBe(3);
        expect((await runMachine(machine, { t: 0 }, { tasks })).result).toMatchObject({
            error: 'States.Runtime',
            cause: expect.stringContaining("The TimeoutSecondsPath '$.t' must give a positive integer, found 0"),
        });
    });
});
