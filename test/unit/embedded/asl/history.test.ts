import { describe, expect, it } from 'vitest';
import { fn, runMachine, shortHistory } from './run-machine.ts';
import { virtualClock } from './virtual-clock.ts';

/** Probe, then a Choice, then a Parallel of a Map and a Wait. */
const machine = {
    StartAt: 'Probe',
    States: {
        Probe: { Type: 'Task', Resource: fn('probe'), ResultPath: '$.probe', Next: 'Known' },
        Known: { Type: 'Choice', Choices: [{ Variable: '$.probe', IsNull: true, Next: 'Reject' }], Default: 'Both' },
        Reject: { Type: 'Fail', Error: 'ContractError', Cause: 'unknown' },
        Both: {
            Type: 'Parallel',
            Branches: [
                {
                    StartAt: 'Each',
                    States: {
                        Each: {
                            Type: 'Map',
                            ItemsPath: '$.probe',
                            ItemProcessor: {
                                StartAt: 'Stage',
                                States: {
                                    Stage: {
                                        Type: 'Task',
                                        Resource: 'arn:aws:states:::lambda:invoke',
                                        Parameters: { FunctionName: 'stage', 'Payload.$': '$' },
                                        ResultSelector: { 'rows.$': '$.Payload' },
                                        End: true,
                                    },
                                },
                            },
                            End: true,
                        },
                    },
                },
                { StartAt: 'Pause', States: { Pause: { Type: 'Wait', Seconds: 2, End: true } } },
            ],
            ResultPath: null,
            Next: 'Done',
        },
        Done: { Type: 'Succeed', OutputPath: '$.probe' },
    },
};

describe('the history of an execution', () => {
    it('has the events of the service, chained per branch and iteration', async () => {
        const tasks = { probe: async () => [1, 2], stage: async (n: unknown) => (n as number) * 10 };

        const { events } = await runMachine(machine, {}, { tasks });

        expect(shortHistory(events)).toEqual([
            '1<0 ExecutionStarted',
            '2<0 TaskStateEntered Probe',
            '3<2 LambdaFunctionScheduled',
            '4<3 LambdaFunctionStarted',
            '5<4 LambdaFunctionSucceeded',
            '6<5 TaskStateExited Probe',
            '7<6 ChoiceStateEntered Known',
            '8<7 ChoiceStateExited Known',
            '9<8 ParallelStateEntered Both',
            '10<9 ParallelStateStarted',
            '11<10 MapStateEntered Each',
            '12<11 MapStateStarted',
            '13<12 MapIterationStarted Each 0',
            '14<13 TaskStateEntered Stage',
            '15<14 TaskScheduled',
            '16<15 TaskStarted',
            '17<12 MapIterationStarted Each 1',
            '18<17 TaskStateEntered Stage',
            '19<18 TaskScheduled',
            '20<19 TaskStarted',
            '21<10 WaitStateEntered Pause',
            '22<16 TaskSucceeded',
            '23<20 TaskSucceeded',
            '24<22 TaskStateExited Stage',
            '25<23 TaskStateExited Stage',
            '26<24 MapIterationSucceeded Each 0',
            '27<25 MapIterationSucceeded Each 1',
            '28<27 MapStateSucceeded',
            '29<28 MapStateExited Each',
            '30<21 WaitStateExited Pause',
            '31<30 ParallelStateSucceeded',
            '32<31 ParallelStateExited Both',
            '33<32 SucceedStateEntered Done',
            '34<33 SucceedStateExited Done',
            '35<34 ExecutionSucceeded',
        ]);
    });

    it('tells what went in and came out, and when', async () => {
        const clock = virtualClock();
        const probe = async (_: unknown, { signal }: { signal: AbortSignal }) => {
            await clock.sleep(1500, signal);
            return null;
        };

        const { events } = await runMachine(machine, { o: 1 }, { tasks: { probe }, clock });

        expect(events).toEqual([
            {
                id: 1,
                previousEventId: 0,
                type: 'ExecutionStarted',
                timestamp: '2026-01-01T00:00:00.000Z',
                details: { input: '{"o":1}' },
            },
            {
                id: 2,
                previousEventId: 0,
                type: 'TaskStateEntered',
                timestamp: '2026-01-01T00:00:00.000Z',
                details: { name: 'Probe', input: '{"o":1}' },
            },
            {
                id: 3,
                previousEventId: 2,
                type: 'LambdaFunctionScheduled',
                timestamp: '2026-01-01T00:00:00.000Z',
                details: { resource: fn('probe'), input: '{"o":1}' },
            },
            {
                id: 4,
                previousEventId: 3,
                type: 'LambdaFunctionStarted',
                timestamp: '2026-01-01T00:00:00.000Z',
                details: {},
            },
            {
                id: 5,
                previousEventId: 4,
                type: 'LambdaFunctionSucceeded',
                timestamp: '2026-01-01T00:00:01.500Z',
                details: { output: 'null' },
            },
            {
                id: 6,
                previousEventId: 5,
                type: 'TaskStateExited',
                timestamp: '2026-01-01T00:00:01.500Z',
                details: { name: 'Probe', output: '{"o":1,"probe":null}' },
            },
            {
                id: 7,
                previousEventId: 6,
                type: 'ChoiceStateEntered',
                timestamp: '2026-01-01T00:00:01.500Z',
                details: { name: 'Known', input: '{"o":1,"probe":null}' },
            },
            {
                id: 8,
                previousEventId: 7,
                type: 'ChoiceStateExited',
                timestamp: '2026-01-01T00:00:01.500Z',
                details: { name: 'Known', output: '{"o":1,"probe":null}' },
            },
            {
                id: 9,
                previousEventId: 8,
                type: 'FailStateEntered',
                timestamp: '2026-01-01T00:00:01.500Z',
                details: { name: 'Reject', input: '{"o":1,"probe":null}' },
            },
            {
                id: 10,
                previousEventId: 9,
                type: 'ExecutionFailed',
                timestamp: '2026-01-01T00:00:01.500Z',
                details: { error: 'ContractError', cause: 'unknown' },
            },
        ]);
    });

    it('cuts long inputs and says so', async () => {
        const { events } = await runMachine(
            { StartAt: 'S', States: { S: { Type: 'Succeed' } } },
            { text: 'x'.repeat(10_000) },
        );

        expect(events[0]?.details.input).toHaveLength(8192);
        expect(events[0]?.details.truncated).toBe(true);
    });
});
