import { describe, expect, it } from 'vitest';
import type { Json } from '#embedded/asl/json.ts';
import { fn, outputOf, runMachine, single } from './run-machine.ts';

const input: Json = { a: { b: 1, list: [1, 2] }, c: 'x' };
const pass = (members: object) => single({ Type: 'Pass', ...members });

describe('a Pass state', () => {
    it.each<[string, object, Json]>([
        ['hands its input on', {}, input],
        ['takes a part by InputPath', { InputPath: '$.a.b' }, 1],
        ['takes nothing for a null InputPath', { InputPath: null }, {}],
        ['gives its Result', { Result: [1, null] }, [1, null]],
        ['gives a Result of null', { Result: null }, null],
        ['prefers Result to Parameters', { Result: 1, Parameters: { a: 2 } }, 1],
        ['builds Parameters', { Parameters: { k: 1, 'b.$': '$.a.b' } }, { k: 1, b: 1 }],
        [
            'builds nested Parameters, also in arrays',
            { Parameters: { deep: [{ 'b.$': '$.a.b' }, 2], 'all.$': '$.a.list[*]', text: '$.a' } },
            { deep: [{ b: 1 }, 2], all: [1, 2], text: '$.a' },
        ],
        ['builds Parameters from the effective input', { InputPath: '$.a', Parameters: { 'n.$': '$.b' } }, { n: 1 }],
        ['leaves a Result as it is', { Result: { 'x.$': '$.a' } }, { 'x.$': '$.a' }],
        ['drops its result for a null ResultPath', { Result: 1, ResultPath: null }, input],
        ['adds its result', { Result: 1, ResultPath: '$.new' }, { ...(input as object), new: 1 }],
        ['adds objects on the way', { Result: 1, ResultPath: '$.n.m' }, { ...(input as object), n: { m: 1 } }],
        [
            'adds under any name',
            { Result: 1, ResultPath: '$.toString.x' },
            { ...(input as object), toString: { x: 1 } },
        ],
        ['replaces', { Result: 9, ResultPath: "$['a']" }, { a: 9, c: 'x' }],
        ['replaces an item', { Result: 9, ResultPath: '$.a.list[1]' }, { a: { b: 1, list: [1, 9] }, c: 'x' }],
        [
            'adds to the raw input, not to what InputPath left of it',
            { InputPath: '$.a.b', ResultPath: '$.c' },
            { a: { b: 1, list: [1, 2] }, c: 1 },
        ],
        ['filters its output', { Result: { r: [5] }, OutputPath: '$.r[0]' }, 5],
        ['gives nothing for a null OutputPath', { OutputPath: null }, {}],
        ['collects what a path with * matches', { OutputPath: '$.a.list[*]' }, [1, 2]],
        ['collects nothing where nothing matches', { OutputPath: '$.a.list[?(@.x)]' }, []],
    ])('%s', async (_, members, expected) => {
        expect(await outputOf(pass(members), input)).toEqual(expected);
    });

    it('does not change the input it was given', async () => {
        const given = structuredClone(input);

        await outputOf(pass({ Result: 9, ResultPath: '$.a.list[0]' }), given);

        expect(given).toEqual(input);
    });

    it.each<[string, object, string, string]>([
        ['InputPath', { InputPath: '$.none' }, 'States.Runtime', "Invalid path '$.none'"],
        ['OutputPath', { OutputPath: '$.none' }, 'States.Runtime', "Invalid path '$.none'"],
        [
            'Parameters',
            { Parameters: { 'p.$': '$.none' } },
            'States.Runtime',
            "The JSONPath '$.none' specified for the field 'p.$' could not be found in the input '{\"a\":",
        ],
        [
            'the context object',
            { Parameters: { 'p.$': '$$.Map.Item.Index' } },
            'States.Runtime',
            'could not be found in the context object',
        ],
        [
            'ResultPath into text',
            { Result: 1, ResultPath: '$.c.d' },
            'States.ResultPathMatchFailure',
            '$.c.d to input "x"',
        ],
        [
            'ResultPath into a missing item',
            { Result: 1, ResultPath: '$.a.list[5]' },
            'States.ResultPathMatchFailure',
            '[5]',
        ],
        [
            'an intrinsic',
            { Parameters: { 'p.$': 'States.ArrayLength($.c)' } },
            'States.IntrinsicFailure',
            'expected an array',
        ],
    ])('fails where %s does not fit', async (_, members, error, cause) => {
        const { result } = await runMachine(pass(members), input);

        expect(result).toMatchObject({ status: 'FAILED', error });
        expect(result).toHaveProperty('cause', expect.stringContaining(cause));
        expect(result).toHaveProperty(
            'cause',
            expect.stringContaining("executing the state 'S' (entered at the event id #2)"),
        );
    });
});

describe('the context object', () => {
    it('knows execution, machine and state', async () => {
        const context = await outputOf(pass({ Parameters: { 'c.$': '$$' } }), input);

        expect(context).toEqual({
            c: {
                Execution: {
                    Id: 'arn:aws:states:local:000000000000:execution:test:one',
                    Input: input,
                    Name: 'one',
                    StartTime: '2026-01-01T00:00:00.000Z',
                    RedriveCount: 0,
                },
                StateMachine: { Id: 'arn:aws:states:local:000000000000:stateMachine:test', Name: 'test' },
                State: { Name: 'S', EnteredTime: '2026-01-01T00:00:00.000Z', RetryCount: 0 },
            },
        });
    });

    it('knows when the state was entered', async () => {
        const machine = {
            StartAt: 'W',
            States: {
                W: { Type: 'Wait', Seconds: 90, Next: 'P' },
                P: { Type: 'Pass', InputPath: '$$.State.EnteredTime', End: true },
            },
        };

        expect(await outputOf(machine)).toBe('2026-01-01T00:01:30.000Z');
    });

    it('carries an execution id of the caller', async () => {
        expect(await outputOf(pass({ InputPath: '$$.Execution.Id' }), {}, { executionId: 'id-7' })).toBe('id-7');
    });
});

describe('the payload limit', () => {
    const large = 'x'.repeat(262_144 - 2);

    it('lets 256 KiB pass', async () => {
        expect(await outputOf(pass({}), large)).toBe(large);
    });

    it('refuses a larger input of an execution', async () => {
        await expect(runMachine(pass({}), `${large}y`)).rejects.toThrow(
            "the input of execution 'one' has 262145 bytes, at most 262144 are allowed; pass a URI to the data instead",
        );
    });

    it('counts bytes, not characters', async () => {
        await expect(runMachine(pass({}), 'é'.repeat(140_000))).rejects.toThrow('has 280002 bytes');
    });

    it.each<[string, object]>([
        ['output', { Parameters: { 'a.$': '$' }, ResultPath: '$' }],
        ['Parameters', { Parameters: { 'a.$': '$', 'b.$': '$' }, ResultPath: null }],
    ])('fails a state whose %s is larger', async (_, members) => {
        const { result } = await runMachine(pass(members), large);

        expect(result).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
    });

    it.each<[string, object, string]>([
        ['output', { ResultPath: '$.more' }, "The state/task 'T' returned a result"],
        ['Parameters', { Parameters: { 'a.$': '$', 'b.$': '$' } }, "The state 'T' was given Parameters"],
    ])('cannot be caught when the %s of a state is too large', async (_, members, what) => {
        const machine = {
            StartAt: 'T',
            States: {
                T: {
                    Type: 'Task',
                    Resource: fn('f'),
                    Catch: [{ ErrorEquals: ['States.ALL'], Next: 'E' }],
                    Next: 'E',
                    ...members,
                },
                E: { Type: 'Pass', End: true },
            },
        };
        const half = 'x'.repeat(140_000);

        const { result } = await runMachine(machine, { half }, { tasks: { f: async () => half } });

        expect(result).toMatchObject({
            error: 'States.DataLimitExceeded',
            cause: expect.stringMatching(
                new RegExp(
                    `^${what} with a size exceeding the maximum number of bytes service limit: 2800\\d\\d of 262144\\.$`,
                ),
            ),
        });
    });
});

describe('Succeed, Fail and Wait', () => {
    it('Succeed filters input and output', async () => {
        const machine = { StartAt: 'S', States: { S: { Type: 'Succeed', InputPath: '$.a', OutputPath: '$.b' } } };

        expect(await outputOf(machine, input)).toBe(1);
    });

    it.each<[string, object, object]>([
        ['its own words', { Error: 'E', Cause: 'why' }, { error: 'E', cause: 'why' }],
        ['no words', {}, { error: '', cause: undefined }],
        ['words of its input', { ErrorPath: '$.c', CausePath: '$$.State.Name' }, { error: 'x', cause: 'S' }],
        ['an intrinsic', { Error: 'E', CausePath: "States.Format('b={}', $.a.b)" }, { error: 'E', cause: 'b=1' }],
    ])('Fail ends the execution with %s', async (_, members, expected) => {
        const { result } = await runMachine({ StartAt: 'S', States: { S: { Type: 'Fail', ...members } } }, input);

        expect(result).toEqual({ status: 'FAILED', ...expected });
    });

    it('Fail fails differently when its path gives no text', async () => {
        const machine = { StartAt: 'S', States: { S: { Type: 'Fail', ErrorPath: '$.a.b' } } };

        expect((await runMachine(machine, input)).result).toMatchObject({
            error: 'States.Runtime',
            cause: expect.stringContaining("The value of ErrorPath '$.a.b' must be a string, found 1"),
        });
    });

    it.each<[object, number]>([
        [{ Seconds: 3600 }, 3600],
        [{ Seconds: 0 }, 0],
        [{ SecondsPath: '$.s' }, 7],
        [{ Timestamp: '2026-01-01T00:00:10Z' }, 10],
        [{ Timestamp: '2025-01-01T00:00:00Z' }, 0],
        [{ TimestampPath: '$.at' }, 60],
        [{ InputPath: '$.inner', SecondsPath: '$.s' }, 2],
    ])('Wait %j takes %d s', async (members, seconds) => {
        const given = { s: 7, at: '2026-01-01T01:01:00+01:00', inner: { s: 2 } };

        const { result, elapsed } = await runMachine(single({ Type: 'Wait', ...members }), given);

        expect(elapsed).toBe(seconds);
        expect(result).toEqual({ status: 'SUCCEEDED', output: 'InputPath' in members ? given.inner : given });
    });

    it.each<[object, string]>([
        [{ SecondsPath: '$.c' }, 'must give an integer of 0 or more, found "x"'],
        [{ SecondsPath: '$.none' }, "Invalid path '$.none'"],
        [{ TimestampPath: '$.c' }, 'gives no timestamp: "x"'],
    ])('Wait %j fails', async (members, cause) => {
        const { result } = await runMachine(single({ Type: 'Wait', ...members }), input);

        expect(result).toMatchObject({ error: 'States.Runtime', cause: expect.stringContaining(cause) });
    });
});
