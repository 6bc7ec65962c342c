import { describe, expect, it } from 'vitest';
import { fn, named, outputOf, type Run, runMachine, shortHistory } from './run-machine.ts';
import { virtualClock } from './virtual-clock.ts';

const machine = (members: object) => ({
    StartAt: 'T',
    States: {
        T: { Type: 'Task', Resource: fn('f'), End: true, ...members },
        ...('Catch' in members ? { E: { Type: 'Pass', End: true } } : {}),
    },
});

/** Fails with these errors in turn, then succeeds; notes at which second it was called. */
function failing(...names: string[]) {
    const clock = virtualClock();
    const calledAt: number[] = [];
    const f = async () => {
        const name = names[calledAt.length];
        calledAt.push(clock.elapsed() / 1000);
        if (name !== undefined) throw named(name, 'm');
        return 'done';
    };
    return { run: { clock, tasks: { f } } satisfies Run, calledAt };
}

describe('Retry', () => {
    it('waits longer each time and passes on the success', async () => {
        const { run, calledAt } = failing('A', 'A', 'A');
        const Retry = [{ ErrorEquals: ['A'], IntervalSeconds: 2, BackoffRate: 3, MaxAttempts: 3 }];

        expect(await outputOf(machine({ Retry }), {}, run)).toBe('done');
        expect(calledAt).toEqual([0, 2, 8, 26]);
    });

    it('tries 3 times more after 1, 2 and 4 seconds unless told otherwise', async () => {
        const { run, calledAt } = failing('A', 'A', 'A', 'A', 'A');

        const { result } = await runMachine(machine({ Retry: [{ ErrorEquals: ['A'] }] }), {}, run);

        expect(result).toMatchObject({ status: 'FAILED', error: 'A' });
        expect(calledAt).toEqual([0, 1, 3, 7]);
    });

    it('never tries again with MaxAttempts 0', async () => {
        const { run, calledAt } = failing('A');

        await runMachine(machine({ Retry: [{ ErrorEquals: ['A'], MaxAttempts: 0 }] }), {}, run);

        expect(calledAt).toEqual([0]);
    });

    it('waits no longer than MaxDelaySeconds', async () => {
        const { run, calledAt } = failing('A', 'A', 'A', 'A');
        const Retry = [{ ErrorEquals: ['A'], MaxAttempts: 9, BackoffRate: 10, MaxDelaySeconds: 5 }];

        await outputOf(machine({ Retry }), {}, run);

        expect(calledAt).toEqual([0, 1, 6, 11, 16]);
    });

    it('with full jitter waits a random part of the delay', async () => {
        const { run, calledAt } = failing('A', 'A');
        const Retry = [{ ErrorEquals: ['A'], IntervalSeconds: 10, JitterStrategy: 'FULL' }];

        await outputOf(machine({ Retry }), {}, run);

        expect(calledAt).toEqual([0, 5, 15]);
    });

    // The example of the service's documentation.
    it('counts the attempts of each retrier on its own; the first that answers decides', async () => {
        const { run, calledAt } = failing('A', 'B', 'C', 'B');
        const Retry = [
            { ErrorEquals: ['A', 'B'], IntervalSeconds: 1, BackoffRate: 2, MaxAttempts: 2 },
            { ErrorEquals: ['C'], IntervalSeconds: 5 },
            { ErrorEquals: ['States.ALL'] },
        ];
        const Catch = [{ ErrorEquals: ['States.ALL'], Next: 'E' }];

        const { result } = await runMachine(machine({ Retry, Catch }), {}, run);

        expect(calledAt).toEqual([0, 1, 3, 8]);
        expect(result).toMatchObject({ status: 'SUCCEEDED', output: { Error: 'B' } });
    });

    it('shows the number of retries in the context object, anew for each visit', async () => {
        const counts: unknown[] = [];
        const task = (Next: object) => ({
            Type: 'Task',
            Resource: fn('f'),
            Parameters: { 'n.$': '$$.State.RetryCount' },
            Retry: [{ ErrorEquals: ['A'] }],
            ...Next,
        });
        const f = async (payload: unknown) => {
            counts.push((payload as { n: number }).n);
            if (counts.length <= 2) throw named('A');
        };

        await outputOf(
            { StartAt: 'T', States: { T: task({ Next: 'U' }), U: task({ End: true }) } },
            {},
            { tasks: { f } },
        );

        expect(counts).toEqual([0, 1, 2, 0]);
    });

    it('stops waiting when the execution is stopped', async () => {
        const stop = new AbortController();
        const f = async () => {
            setTimeout(() => stop.abort('enough'), 5);
            throw named('A');
        };
        const Retry = [{ ErrorEquals: ['A'], IntervalSeconds: 9999 }];
        const clock = { ...virtualClock(), sleep: sleepForever };

        const { result } = await runMachine(machine({ Retry }), {}, { tasks: { f }, signal: stop.signal, clock });

        expect(result).toMatchObject({ status: 'ABORTED', cause: 'enough' });
    });
});

describe('which failures Retry and Catch answer to', () => {
    it.each<[string, string, boolean]>([
        ['A', 'A', true],
        ['B', 'A', false],
        ['a', 'A', false],
        ['A', 'States.ALL', true],
        ['A', 'States.TaskFailed', true],
        ['States.Timeout', 'States.Timeout', true],
        ['States.Timeout', 'States.ALL', true],
        ['States.Timeout', 'States.TaskFailed', false],
        ['States.IntrinsicFailure', 'States.ALL', true],
        ['States.IntrinsicFailure', 'States.IntrinsicFailure', true],
        ['States.ResultPathMatchFailure', 'States.ALL', true],
        ['States.Runtime', 'States.ALL', false],
        ['States.Runtime', 'States.TaskFailed', false],
        ['States.Runtime', 'States.Runtime', false],
    ])('%s under %s: %s', async (error, listed, answers) => {
        const causes: Record<string, [object, () => Promise<unknown>]> = {
            'States.Timeout': [{ TimeoutSeconds: 1 }, () => new Promise(() => {})],
            'States.IntrinsicFailure': [{ Parameters: { 'a.$': 'States.StringToJson($.text)' } }, async () => 1],
            'States.ResultPathMatchFailure': [{ ResultPath: '$.text.a' }, async () => 1],
            'States.Runtime': [{ ResultSelector: { 'a.$': '$.none' } }, async () => ({})],
        };
        const [members, f] = causes[error] ?? [{}, () => Promise.reject(named(error))];
        let calls = 0;
        const counted = () => {
            calls++;
            return f();
        };
        const Retry = [{ ErrorEquals: [listed], MaxAttempts: 1 }];
        const Catch = [{ ErrorEquals: [listed], Next: 'E' }];
        const input = { text: 'no json' };

        const { result } = await runMachine(machine({ ...members, Retry, Catch }), input, { tasks: { f: counted } });

        expect(result).toMatchObject(
            answers ? { status: 'SUCCEEDED', output: { Error: error } } : { status: 'FAILED', error },
        );
        if (error !== 'States.IntrinsicFailure') expect(calls).toBe(answers ? 2 : 1);
    });
});

describe('Catch', () => {
    const Cause = expect.stringContaining('"errorMessage":"m"');

    it.each<[string, object, unknown]>([
        ['the error alone', {}, { Error: 'A', Cause }],
        ['the error beside the raw input', { ResultPath: '$.error' }, { n: { m: 1 }, error: { Error: 'A', Cause } }],
        ['the raw input alone', { ResultPath: null }, { n: { m: 1 } }],
    ])('hands on %s', async (_, members, expected) => {
        const state = { InputPath: '$.n', ResultPath: '$.x', OutputPath: '$.x' };
        const Catch = [
            { ErrorEquals: ['B'], Next: 'E' },
            { ErrorEquals: ['A'], Next: 'E', ...members },
        ];

        expect(await outputOf(machine({ ...state, Catch }), { n: { m: 1 } }, failing('A').run)).toEqual(expected);
    });

    it('gives a Cause of no text when there is none', async () => {
        const Catch = [{ ErrorEquals: ['States.Timeout'], Next: 'E' }];
        const tasks = { f: () => new Promise(() => {}) };

        expect(await outputOf(machine({ TimeoutSeconds: 1, Catch }), {}, { tasks })).toEqual({
            Error: 'States.Timeout',
            Cause: '',
        });
    });

    it('fails when its ResultPath does not fit the input', async () => {
        const Catch = [{ ErrorEquals: ['States.ALL'], Next: 'E', ResultPath: '$.error' }];

        const { result } = await runMachine(machine({ Catch }), 'text', failing('A').run);

        expect(result).toMatchObject({ status: 'FAILED', error: 'States.ResultPathMatchFailure' });
    });

    it('says in the cause where a failure of the interpreter happened', async () => {
        const members = { Parameters: { 'a.$': 'States.StringToJson($.t)' } };
        const Catch = [{ ErrorEquals: ['States.ALL'], Next: 'E' }];

        expect(await outputOf(machine({ ...members, Catch }), { t: '{' })).toMatchObject({
            Cause: expect.stringMatching(
                /^An error occurred while executing the state 'T' \(entered at the event id #2\)\. The function 'States\.StringToJson\(\$\.t\)' had the following error: /,
            ),
        });
    });

    it('is seen in the history after all attempts', async () => {
        const Retry = [{ ErrorEquals: ['A'], MaxAttempts: 1 }];
        const Catch = [{ ErrorEquals: ['A'], Next: 'E' }];

        const { events } = await runMachine(machine({ Retry, Catch }), {}, failing('A', 'A').run);

        expect(shortHistory(events)).toEqual([
            '1<0 ExecutionStarted',
            '2<0 TaskStateEntered T',
            '3<2 LambdaFunctionScheduled',
            '4<3 LambdaFunctionStarted',
            '5<4 LambdaFunctionFailed',
            '6<5 LambdaFunctionScheduled',
            '7<6 LambdaFunctionStarted',
            '8<7 LambdaFunctionFailed',
            '9<8 TaskStateExited T',
            '10<9 PassStateEntered E',
            '11<10 PassStateExited E',
            '12<11 ExecutionSucceeded',
        ]);
    });
});

function sleepForever(_: number, signal: AbortSignal): Promise<void> {
    return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
}
