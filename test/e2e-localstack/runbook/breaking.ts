import type { MachineName } from '#core/execution/executions.ts';
import { askLocalStack } from '#localstack/ask.ts';
import { ACCOUNT, REGION } from '#localstack/environment.ts';
import { type Scene, untilFound } from './scene.ts';

/** Lets a function look for the lake in a bucket that is not there; the function it returns sets that right. */
export async function loseBucket({ aws }: Scene, stage: string): Promise<() => Promise<void>> {
    const name = `cartlake-dev-${stage}`;
    const query = ['--query', 'Environment.Variables', '--output', 'json'];
    const good = JSON.parse(await aws('lambda', 'get-function-configuration', '--function-name', name, ...query));
    async function configure(Variables: Readonly<Record<string, string>>): Promise<void> {
        const Environment = JSON.stringify({ Variables });
        await aws('lambda', 'update-function-configuration', '--function-name', name, '--environment', Environment);
        await aws('lambda', 'wait', 'function-updated-v2', '--function-name', name);
    }
    await configure({ ...good, CARTLAKE_LAKE_BUCKET: 'cartlake-dev-lake-gone' });
    return () => configure(good);
}

/** Has the queue of arrivals repeat what failed after some seconds, and not after half an hour. */
export async function repeatAfter({ place }: Scene, seconds: number): Promise<void> {
    await askLocalStack(place.port, {
        service: 'sqs',
        path: `/queue/${REGION}/${ACCOUNT}/cartlake-dev-arrivals`,
        action: 'SetQueueAttributes',
        body: { 'Attribute.1.Name': 'VisibilityTimeout', 'Attribute.1.Value': String(seconds) },
    });
}

/** Takes all concurrency from a function. */
export async function throttle({ aws }: Scene, stage: string): Promise<void> {
    const name = `cartlake-dev-${stage}`;
    await aws('lambda', 'put-function-concurrency', '--function-name', name, '--reserved-concurrent-executions', '0');
}

/** Allows executions of a machine a few seconds; the function it returns gives them their hours back. */
export async function hurry({ aws }: Scene, machine: MachineName, seconds: number): Promise<() => Promise<void>> {
    const arn = `arn:aws:states:${REGION}:${ACCOUNT}:stateMachine:cartlake-dev-${machine}`;
    const of = ['--state-machine-arn', arn];
    const good = await aws(
        'stepfunctions',
        'describe-state-machine',
        ...of,
        '--query',
        'definition',
        '--output',
        'text',
    );
    const define = (definition: string) =>
        aws('stepfunctions', 'update-state-machine', ...of, '--definition', definition);
    await define(JSON.stringify({ ...JSON.parse(good), TimeoutSeconds: seconds }));
    return async () => {
        await define(good);
    };
}

/** Waits until the newest execution of a machine has a status. */
export function untilNewest({ place }: Scene, machine: MachineName, status: string): Promise<unknown> {
    return untilFound(`the newest ${machine} is ${status}`, async () => {
        const [newest] = await place.deployment.log.list(machine, 1);
        return newest?.status === status;
    });
}

let count = 7_000;

/** A file of products nobody has seen. */
export function someProducts(): string {
    count += 1;
    return `product_id,category,base_price\n${count},Toys,3.00\n`;
}
