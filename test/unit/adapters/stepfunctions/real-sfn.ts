import { randomBytes } from 'node:crypto';
import { CreateStateMachineCommand, DeleteStateMachineCommand, SFNClient } from '@aws-sdk/client-sfn';
import { onTestFinished } from 'vitest';

const endpoint = process.env.CARTLAKE_LOCALSTACK_ENDPOINT;

/** A client of the LocalStack that CARTLAKE_LOCALSTACK_ENDPOINT names; undefined without it. */
export const realSfn =
    endpoint === undefined || endpoint === ''
        ? undefined
        : new SFNClient({
              endpoint,
              region: 'us-east-1',
              credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
          });

/** The ARN of a machine that goes with the running test. */
export async function newMachine(client: SFNClient, definition: string): Promise<string> {
    const name = `cartlake-test-${randomBytes(6).toString('hex')}`;
    const roleArn = 'arn:aws:iam::000000000000:role/cartlake-test';
    const { stateMachineArn = '' } = await client.send(new CreateStateMachineCommand({ name, roleArn, definition }));
    onTestFinished(async () => void (await client.send(new DeleteStateMachineCommand({ stateMachineArn }))));
    return stateMachineArn;
}
