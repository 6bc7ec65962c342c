import { UsageError } from '#core/errors.ts';

/**
 * The ARN of an execution.
 *
 * @throws UsageError when the machine's ARN is none
 */
export function executionArn(machineArn: string, name: string): string {
    const parts = machineArn.split(':');
    if (parts.length !== 7 || parts[5] !== 'stateMachine') {
        throw new UsageError(
            `Expected the ARN of a state machine (arn:aws:states:<region>:<account>:stateMachine:<name>), found ${JSON.stringify(machineArn)}.`,
        );
    }
    return [...parts.slice(0, 5), 'execution', parts[6], name].join(':');
}
