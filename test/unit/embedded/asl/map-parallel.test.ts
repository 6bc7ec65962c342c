import { describe, expect, it } from 'vitest';
import type { Json } from '#embedded/asl/json.ts';
import { fn, named, outputOf, runMachine, shortHistory, single } from './run-machine.ts';
import { virtualClock } from './virtual-clock.ts';

const each = { Type: 'Task', Resource: fn('f'), End: true };
const map = (members: object = {}, states: object = { I: each }) =>
    single({ Type: 'Map', ItemProcessor: { StartAt: Object.keys(states)[0], States: states }, ...members });
const parallel = (branches: object[], members: object = {}) =>
    single({
        Type: 'Parallel',
        Branches: branches.map((state, index) => ({ StartAt: `B${index}`, States: { [`B${index}`]: state } })),
        ...members,
    });
const pass = (members: object = {}) => ({ Type: 'Pass', End: true, ...members });

/** Takes as many seconds as its payload says and notes how many run at once. */
function sleeper() {
    const clock = virtualClock();
    const seen = { running: 0, most: 0, aborted: [] as unknown[] };
    const f = async (payload: Json, { signal }: { signal: AbortSignal }) => {
        seen.most = Math.max(seen.most, ++seen.running);
        try {
            await clock.sleep(Math.abs(Number(payload)) * 1000, signal);
        } catch (error) {
            seen.aborted.push(payload);
            throw error;
        } finally {
            seen.running--;
        }
        if (Number(payload) < 0) throw named('Negative', `${payload}`);
        return payload;
    };
    return { clock, seen, tasks: { f } };
}

describe('a Map', () => {
    it('runs its states for each item and keeps the order of the items', async () => {
        const { clock, seen, tasks } = sleeper();

        expect(await outputOf(map(), [3, 1, 2], { clock, tasks })).toEqual([3, 1, 2]);
        expect(seen.most).toBe(3);
        expect(clock.elapsed()).toBe(3000);
    });

    it.each([
        [1, 1, 8],
        [2, 2, 4],
        [0, 4, 2],
        [9, 4, 2],
    ])('with MaxConcurrency %d runs %d at once', async (MaxConcurrency, most, seconds) => {
        for (const machine of [map({ MaxConcurrency }), map({ MaxConcurrencyPath: '$$.Execution.Input[4]' })]) {
            const { clock, seen, tasks } = sleeper();
            const ItemsPath = { ItemSelector: 2 };

            const { result } = await runMachine(
                {
                    ...machine,
                    States: { S: { ...machine.States.S, ...ItemsPath, ItemsPath: '$$.Execution.Input[5]' } },
                },
                [0, 0, 0, 0, MaxConcurrency, [1, 2, 3, 4]],
                { clock, tasks },
            );

            expect(result).toEqual({ status: 'SUCCEEDED', output: [2, 2, 2, 2] });
            expect(seen.most).toBe(most);
            expect(clock.elapsed()).toBe(seconds * 1000);
        }
    });

    it('runs 40 iterations at once at most, as the service does', async () => {
        const { clock, seen, tasks } = sleeper();

        await outputOf(map(), Array(100).fill(1), { clock, tasks });

        expect(seen.most).toBe(40);
    });

    it('gives nothing for no items', async () => {
        const { result, events } = await runMachine(map(), []);

        expect(result).toEqual({ status: 'SUCCEEDED', output: [] });
        expect(events[2]).toMatchObject({ type: 'MapStateStarted', details: { length: 0 } });
    });

    it('selects items, and what of them and the input an iteration gets', async () => {
        const machine = map(
            {
                InputPath: '$.in',
                ItemsPath: '$.items',
                ItemSelector: { 'all.$': '$.k', 'at.$': '$$.Map.Item.Index', 'item.$': '$$.Map.Item.Value.v' },
                ResultSelector: { 'first.$': '$[0]', 'names.$': '$[*].name' },
                ResultPath: '$.out',
                OutputPath: '$.out',
            },
            { I: pass({ Parameters: { 'got.$': '$', 'name.$': '$$.State.Name', 'again.$': '$$.Map.Item.Index' } }) },
        );

        expect(await outputOf(machine, { in: { k: 'K', items: [{ v: 'a' }, { v: 'b' }] } })).toEqual({
            first: { got: { all: 'K', at: 0, item: 'a' }, name: 'I', again: 0 },
            names: ['I', 'I'],
        });
    });

    it('nests: the innermost item is the one seen', async () => {
        const inner = { StartAt: 'J', States: { J: pass({ InputPath: '$$.Map.Item' }) } };
        const machine = map({}, { I: { Type: 'Map', ItemProcessor: inner, End: true } });

        expect(await outputOf(machine, [['x'], ['y', 'z']])).toEqual([
            [{ Index: 0, Value: 'x' }],
            [
                { Index: 0, Value: 'y' },
                { Index: 1, Value: 'z' },
            ],
        ]);
    });

    it('aborts the other iterations when one fails, starts no more, and can be caught', async () => {
        const { clock, seen, tasks } = sleeper();
        const machine = {
            StartAt: 'S',
            States: {
                S: { ...map().States.S, MaxConcurrency: 2, Catch: [{ ErrorEquals: ['Negative'], Next: 'E' }] },
                E: pass(),
            },
        };

        const { result, events } = await runMachine(machine, [9, -2, 5], { clock, tasks });

        expect(result).toMatchObject({ output: { Error: 'Negative', Cause: expect.stringContaining('"-2"') } });
        expect(seen.aborted).toEqual([9]);
        expect(clock.elapsed()).toBe(2000);
        expect(shortHistory(events).slice(2, -3)).toEqual([
            '3<2 MapStateStarted',
            '4<3 MapIterationStarted S 0',
            '5<4 TaskStateEntered I',
            '6<5 LambdaFunctionScheduled',
            '7<6 LambdaFunctionStarted',
            '8<3 MapIterationStarted S 1',
            '9<8 TaskStateEntered I',
            '10<9 LambdaFunctionScheduled',
            '11<10 LambdaFunctionStarted',
            '12<11 LambdaFunctionFailed',
            '13<12 MapIterationFailed S 1',
            '14<7 TaskStateAborted I',
            '15<14 MapIterationAborted S 0',
            '16<13 MapStateFailed',
            '17<16 MapStateExited S',
        ]);
    });

    it('can be retried as a whole', async () => {
        let calls = 0;
        const f = async () => {
            if (++calls === 2) throw named('A');
            return calls;
        };
        const Retry = [{ ErrorEquals: ['A'] }];

        const { result, events } = await runMachine(map({ Retry, MaxConcurrency: 1 }), [0, 0], { tasks: { f } });

        expect(result).toMatchObject({ output: [3, 4] });
        expect(events.filter((event) => event.type.startsWith('MapState')).map((event) => event.type)).toEqual([
            'MapStateEntered',
            'MapStateStarted',
            'MapStateFailed',
            'MapStateStarted',
            'MapStateSucceeded',
            'MapStateExited',
        ]);
    });

    it('fails the execution when an iteration fails with States.Runtime', async () => {
        const machine = map(
            { Catch: [{ ErrorEquals: ['States.ALL'], Next: 'S' }] },
            { I: pass({ InputPath: '$.none' }) },
        );

        expect((await runMachine(machine, [1])).result).toMatchObject({
            error: 'States.Runtime',
            cause: expect.stringContaining("executing the state 'I'"),
        });
    });

    it('passes on the failure of a Fail state inside', async () => {
        const machine = map({}, { I: { Type: 'Fail', Error: 'Own', Cause: 'c' } });

        expect((await runMachine(machine, [1])).result).toEqual({ status: 'FAILED', error: 'Own', cause: 'c' });
    });

    it.each<[object, Json, string]>([
        [{}, { a: 1 }, 'Reference path "$" must point to array, found {"a":1}'],
        [{ ItemsPath: '$.none' }, {}, "Invalid path '$.none'"],
        [
            { ItemsPath: '$.i', MaxConcurrencyPath: '$.c' },
            { i: [], c: -1 },
            'must give an integer of 0 or more, found -1',
        ],
        [{ ItemSelector: { 'x.$': '$.none' }, ItemsPath: '$.i' }, { i: [1] }, "'$.none' specified for the field 'x.$'"],
    ])('fails for %j with %j', async (members, input, cause) => {
        expect((await runMachine(map(members), input)).result).toMatchObject({
            error: 'States.Runtime',
            cause: expect.stringContaining(cause),
        });
    });

    it('stops with the execution', async () => {
        const { clock, seen, tasks } = sleeper();
        const machine = { ...map(), TimeoutSeconds: 2 };

        const { result, events } = await runMachine(machine, [1, 5], { clock, tasks });

        expect(result.status).toBe('TIMED_OUT');
        expect(seen.aborted).toEqual([5]);
        expect(events.slice(-4).map((event) => event.type)).toEqual([
            'TaskStateAborted',
            'MapIterationAborted',
            'MapStateAborted',
            'ExecutionTimedOut',
        ]);
    });
});

describe('a Parallel', () => {
    it('gives each branch its input and collects what they give', async () => {
        const machine = parallel([pass(), pass({ Result: 2 }), { Type: 'Succeed' }], {
            Parameters: { 'n.$': '$.n' },
            ResultSelector: { 'all.$': '$' },
            ResultPath: '$.r',
        });

        expect(await outputOf(machine, { n: 1 })).toEqual({ n: 1, r: { all: [{ n: 1 }, 2, { n: 1 }] } });
    });

    it('runs its branches at once', async () => {
        const { clock, seen, tasks } = sleeper();

        expect(await outputOf(parallel([each, each]), 4, { clock, tasks })).toEqual([4, 4]);
        expect(seen.most).toBe(2);
        expect(clock.elapsed()).toBe(4000);
    });

    it('fails with the first failure of a branch and aborts the others', async () => {
        const { clock, seen, tasks } = sleeper();
        const machine = parallel([{ ...each, Parameters: 9 }, { Type: 'Wait', Seconds: 7, End: true }, each]);

        const { result, events } = await runMachine(machine, -1, { clock, tasks });

        expect(result).toMatchObject({ status: 'FAILED', error: 'Negative' });
        expect(seen.aborted).toEqual([9]);
        expect(clock.elapsed()).toBe(1000);
        expect(shortHistory(events).slice(3)).toEqual([
            '4<3 TaskStateEntered B0',
            '5<4 LambdaFunctionScheduled',
            '6<5 LambdaFunctionStarted',
            '7<3 WaitStateEntered B1',
            '8<3 TaskStateEntered B2',
            '9<8 LambdaFunctionScheduled',
            '10<9 LambdaFunctionStarted',
            '11<10 LambdaFunctionFailed',
            '12<7 WaitStateAborted B1',
            '13<6 TaskStateAborted B0',
            '14<11 ParallelStateFailed',
            '15<14 ExecutionFailed',
        ]);
    });

    it('sees the item of the Map around it', async () => {
        const branch = { StartAt: 'J', States: { J: pass({ InputPath: '$$.Map.Item.Value' }) } };
        const machine = map({}, { I: { Type: 'Parallel', Branches: [branch], End: true } });

        expect(await outputOf(machine, ['a'])).toEqual([['a']]);
    });

    it('can be retried and caught', async () => {
        const { clock, tasks } = sleeper();
        const states = parallel([each]).States;
        const machine = {
            StartAt: 'S',
            States: {
                S: {
                    ...states.S,
                    Retry: [{ ErrorEquals: ['Negative'], MaxAttempts: 1 }],
                    Catch: [{ ErrorEquals: ['States.TaskFailed'], Next: 'E' }],
                },
                E: pass(),
            },
        };

        const { result, events } = await runMachine(machine, -1, { clock, tasks });

        expect(result).toMatchObject({ output: { Error: 'Negative' } });
        expect(events.filter((event) => event.type === 'ParallelStateFailed')).toHaveLength(2);
    });
});
