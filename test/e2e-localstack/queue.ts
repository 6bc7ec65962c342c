import { setTimeout as sleep } from 'node:timers/promises';
import { TransientError } from '#core/errors.ts';
import type { ObjectRef } from '#core/types.ts';
import { askLocalStack } from '#localstack/ask.ts';
import { ACCOUNT, REGION } from '#localstack/environment.ts';
import type { Place } from './place.ts';

const EMPTY_WITHIN_MS = 60_000;
const COUNTS = [
    'ApproximateNumberOfMessages',
    'ApproximateNumberOfMessagesNotVisible',
    'ApproximateNumberOfMessagesDelayed',
];

/** Delivers an object's event once more, as EventBridge may. */
export async function deliverAgain(place: Place, { bucket, key, version }: ObjectRef): Promise<void> {
    const event = {
        'detail-type': 'Object Created',
        source: 'aws.s3',
        detail: { bucket: { name: bucket }, object: { key, 'version-id': version } },
    };
    await ask(place, 'arrivals', 'SendMessage', { MessageBody: JSON.stringify(event) });
}

/** Messages of a queue: waiting, delayed or being worked on. */
export async function messagesIn(place: Place, queue: 'arrivals' | 'dead-letters'): Promise<number> {
    const text = await ask(place, queue, 'GetQueueAttributes', { 'AttributeName.1': 'All' });
    const counts = COUNTS.map((name) => new RegExp(`<Name>${name}</Name>\\s*<Value>(\\d+)<`).exec(text)?.[1]);
    if (counts.includes(undefined)) throw new TransientError(`No counts of messages in the answer: ${text}`);
    return counts.reduce((sum, count) => sum + Number(count), 0);
}

/** Waits until the arrivals are all admitted. */
export async function untilEmpty(place: Place): Promise<void> {
    const deadline = Date.now() + EMPTY_WITHIN_MS;
    while ((await messagesIn(place, 'arrivals')) > 0) {
        if (Date.now() > deadline) throw new TransientError('The queue of arrivals does not get empty.');
        await sleep(200);
    }
}

function ask(
    { port, deployment }: Place,
    queue: string,
    action: string,
    body: Record<string, string>,
): Promise<string> {
    return askLocalStack(port, {
        service: 'sqs',
        path: `/queue/${REGION}/${ACCOUNT}/${deployment.name}-${queue}`,
        action,
        body,
    });
}
