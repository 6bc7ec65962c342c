import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { executionArn } from '#adapters/stepfunctions/arn.ts';
import { createSfnExecutions } from '#adapters/stepfunctions/executions.ts';
import { ThrottledError, UsageError } from '#core/errors.ts';
import { describeExecutions, ENDS_AS_TOLD } from '#test/support/store-contracts/executions.ts';
import { fakeSfn, MACHINES, sfnFailure } from './fake-sfn.ts';
import { newMachine, realSfn } from './real-sfn.ts';

describe('starting an execution', () => {
    it('names it and hands the input on as JSON', async () => {
        const { client, sent } = fakeSfn({});
        await createSfnExecutions(client, MACHINES).start('ingest', 'abc-1', { id: 'abc', attempt: 1 });

        const input = { stateMachineArn: MACHINES.ingest, name: 'abc-1', input: '{"id":"abc","attempt":1}' };
        expect(sent).toEqual([{ request: 'StartExecution', input }]);
    });

    it('is done when somebody else did it', async () => {
        const { client } = fakeSfn({ StartExecution: [sfnFailure('ExecutionAlreadyExists')] });

        await expect(createSfnExecutions(client, MACHINES).start('build', 'build-1-1', {})).resolves.toBeUndefined();
    });

    it('goes slower when there are too many', async () => {
        const { client } = fakeSfn({ StartExecution: [sfnFailure('ThrottlingException')] });

        await expect(createSfnExecutions(client, MACHINES).start('build', 'b', {})).rejects.toThrow(ThrottledError);
    });

    it('says that the machine is not deployed', async () => {
        const { client } = fakeSfn({ StartExecution: [sfnFailure('StateMachineDoesNotExist')] });
        const started = createSfnExecutions(client, MACHINES).start('build', 'b', {});

        await expect(started).rejects.toThrow(UsageError);
        await expect(started).rejects.toThrow(`${MACHINES.build} does not exist`);
    });
});

describe('the status of an execution', () => {
    it.each(['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'])('is %s as the service says', async (status) => {
        const { client, sent } = fakeSfn({ DescribeExecution: [{ status }] });

        expect(await createSfnExecutions(client, MACHINES).status('build', 'build-3-1')).toBe(status);
        expect(sent[0]?.input).toEqual({
            executionArn: 'arn:aws:states:eu-central-1:123456789012:execution:lake-build:build-3-1',
        });
    });

    it('is running while it waits to be driven on', async () => {
        const { client } = fakeSfn({ DescribeExecution: [{ status: 'PENDING_REDRIVE' }] });

        expect(await createSfnExecutions(client, MACHINES).status('build', 'b')).toBe('RUNNING');
    });

    it('is unknown when there never was one', async () => {
        const { client } = fakeSfn({ DescribeExecution: [sfnFailure('ExecutionDoesNotExist')] });

        expect(await createSfnExecutions(client, MACHINES).status('ingest', 'x-1')).toBeUndefined();
    });

    it('is not unknown when it may not be asked for', async () => {
        const { client } = fakeSfn({ DescribeExecution: [sfnFailure('AccessDeniedException')] });

        await expect(createSfnExecutions(client, MACHINES).status('ingest', 'x-1')).rejects.toThrow(
            'Not allowed: states:DescribeExecution on arn:aws:states:eu-central-1:123456789012:execution:lake-ingest:x-1.',
        );
    });
});

it('refuses an ARN that is none of a machine', () => {
    expect(() => executionArn('arn:aws:states:x:1:activity:lake', 'n')).toThrow(UsageError);
    expect(() => executionArn('lake-build', 'n')).toThrow('Expected the ARN of a state machine');
});

if (realSfn) {
    const client = realSfn;
    describeExecutions('a real Step Functions', async () => {
        const machines = {
            ingest: await newMachine(client, ENDS_AS_TOLD),
            build: await newMachine(client, ENDS_AS_TOLD),
            replay: await newMachine(client, ENDS_AS_TOLD),
        };
        const executions = createSfnExecutions(client, machines);
        return {
            executions,
            async settle(machine, name) {
                while ((await executions.status(machine, name)) === 'RUNNING') await sleep(50);
            },
        };
    });
}
