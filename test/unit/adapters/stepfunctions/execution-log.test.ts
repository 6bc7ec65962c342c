import { describe, expect, it } from 'vitest';
import { createSfnExecutionLog } from '#adapters/stepfunctions/execution-log.ts';
import { TransientError } from '#core/errors.ts';
import { fakeSfn, MACHINES, sfnFailure } from './fake-sfn.ts';

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second));

describe('the list of executions', () => {
    it('goes on to the next page until there are enough', async () => {
        const page = (name: string) => ({ name, status: 'SUCCEEDED', startDate: at(1), stopDate: at(2) });
        const { client, sent } = fakeSfn({
            ListExecutions: [
                { executions: [page('c'), page('b')], nextToken: 'more' },
                { executions: [page('a')], nextToken: 'still more' },
            ],
        });
        const found = await createSfnExecutionLog(client, MACHINES).list('build', 3);

        expect(found.map(({ name }) => name)).toEqual(['c', 'b', 'a']);
        expect(found[0]).toEqual({
            machine: 'build',
            name: 'c',
            status: 'SUCCEEDED',
            startedAt: '2026-01-01T00:00:01.000Z',
            stoppedAt: '2026-01-01T00:00:02.000Z',
            error: undefined,
            cause: undefined,
        });
        expect(sent.map(({ input }) => [input.nextToken, input.maxResults])).toEqual([
            [undefined, 3],
            ['more', 1],
        ]);
    });

    it('ends where the service has no more', async () => {
        const { client } = fakeSfn({ ListExecutions: [{ executions: [] }] });

        expect(await createSfnExecutionLog(client, MACHINES).list('ingest', 20)).toEqual([]);
    });
});

describe('one execution', () => {
    it('says why it failed', async () => {
        const { client } = fakeSfn({
            DescribeExecution: [
                { name: 'x', status: 'FAILED', startDate: at(0), error: 'DataError', cause: 'a check failed' },
            ],
        });

        expect(await createSfnExecutionLog(client, MACHINES).find('build', 'x')).toMatchObject({
            status: 'FAILED',
            stoppedAt: undefined,
            error: 'DataError',
            cause: 'a check failed',
        });
    });

    it('is undefined when there never was one', async () => {
        const missing = [sfnFailure('ExecutionDoesNotExist')];
        const { client } = fakeSfn({ DescribeExecution: missing, GetExecutionHistory: missing });
        const log = createSfnExecutionLog(client, MACHINES);

        expect(await log.find('build', 'x')).toBeUndefined();
        expect(await log.events('build', 'x')).toEqual([]);
    });
});

describe('the history', () => {
    it('has all events in order, with the details that the type has', async () => {
        const { client } = fakeSfn({
            GetExecutionHistory: [
                {
                    events: [
                        {
                            id: 1,
                            type: 'ExecutionStarted',
                            timestamp: at(0),
                            executionStartedEventDetails: { input: '{"id":"x"}', roleArn: 'arn:role' },
                        },
                        {
                            id: 2,
                            previousEventId: 1,
                            type: 'TaskStateEntered',
                            timestamp: at(1),
                            stateEnteredEventDetails: {
                                name: 'Probe',
                                input: '{}',
                                inputDetails: { truncated: false },
                            },
                        },
                    ],
                    nextToken: 'more',
                },
                {
                    events: [
                        {
                            id: 3,
                            previousEventId: 2,
                            type: 'TaskFailed',
                            timestamp: at(2),
                            taskFailedEventDetails: { resource: 'invoke', error: 'ContractError', cause: 'no key' },
                        },
                        {
                            id: 4,
                            previousEventId: 3,
                            type: 'MapIterationStarted',
                            timestamp: at(3),
                            mapIterationStartedEventDetails: { name: 'Models', index: 0 },
                        },
                        { id: 5, previousEventId: 4, type: 'SucceedStateEntered', timestamp: at(4) },
                    ],
                },
            ],
        });
        const events = await createSfnExecutionLog(client, MACHINES).events('ingest', 'x-1');

        expect(events.map(({ id, previousEventId, type, details }) => [id, previousEventId, type, details])).toEqual([
            [1, 0, 'ExecutionStarted', { input: '{"id":"x"}' }],
            [2, 1, 'TaskStateEntered', { name: 'Probe', input: '{}' }],
            [3, 2, 'TaskFailed', { resource: 'invoke', error: 'ContractError', cause: 'no key' }],
            [4, 3, 'MapIterationStarted', { name: 'Models', index: 0 }],
            [5, 4, 'SucceedStateEntered', {}],
        ]);
        expect(events[2]?.timestamp).toBe('2026-01-01T00:00:02.000Z');
    });

    it('fails when the service does', async () => {
        const { client } = fakeSfn({ GetExecutionHistory: [sfnFailure('InternalFailure', 500)] });

        await expect(createSfnExecutionLog(client, MACHINES).events('ingest', 'x')).rejects.toThrow(TransientError);
    });
});
