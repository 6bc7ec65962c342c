import { DescribeExecutionCommand, type SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { ExecutionStatus, Executions, MachineName } from '#core/execution/executions.ts';
import { ask, nameOf } from '../aws/failure.ts';
import { executionArn } from './arn.ts';

/** ARNs of the state machines. */
export type MachineArns = Readonly<Record<MachineName, string>>;

/** Executions of deployed state machines. */
export function createSfnExecutions(client: SFNClient, machines: MachineArns): Executions {
    return {
        async start(machine, name, input) {
            const stateMachineArn = machines[machine];
            const start = new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) });
            await ask({ action: 'states:StartExecution', on: stateMachineArn }, () =>
                client.send(start).catch((error: unknown) => {
                    // Equal names are equal objects and attempts: somebody else started it, and it may be over by now.
                    if (nameOf(error) !== 'ExecutionAlreadyExists') throw error;
                }),
            );
        },
        async status(machine, name) {
            const arn = executionArn(machines[machine], name);
            return ask({ action: 'states:DescribeExecution', on: arn }, () =>
                client.send(new DescribeExecutionCommand({ executionArn: arn })).then(
                    ({ status }) => statusOf(status),
                    (error: unknown) => {
                        if (nameOf(error) === 'ExecutionDoesNotExist') return undefined;
                        throw error;
                    },
                ),
            );
        },
    };
}

/** An execution that waits to be driven on again will run. */
export function statusOf(status: string | undefined): ExecutionStatus {
    return status === undefined || status === 'PENDING_REDRIVE' ? 'RUNNING' : (status as ExecutionStatus);
}
