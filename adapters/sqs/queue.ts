import {
    ChangeMessageVisibilityBatchCommand,
    DeleteMessageBatchCommand,
    GetQueueAttributesCommand,
    GetQueueUrlCommand,
    type Message,
    ReceiveMessageCommand,
    SendMessageBatchCommand,
    SQSClient,
} from '@aws-sdk/client-sqs';
import { TransientError } from '#core/errors.ts';
import { ask } from '../aws/failure.ts';

/** One queue, by its name. Batches are ten messages at most. */
export interface Queue {
    /** Messages that wait, that are being worked on and that are delayed. */
    count(): Promise<number>;
    /** Some messages nobody has received just now, hidden from others for a minute; none when a second brought none. */
    receive(): Promise<Message[]>;
    /** Shows received messages to others again. */
    release(messages: readonly Message[]): Promise<void>;
    /** Throws TransientError when some could not be sent. */
    send(bodies: readonly string[]): Promise<void>;
    remove(messages: readonly Message[]): Promise<void>;
}

const CONNECT_MS = 5_000;
const ANSWER_MS = 30_000;
const HIDDEN_SECONDS = 60;
const COUNTS = [
    'ApproximateNumberOfMessages',
    'ApproximateNumberOfMessagesNotVisible',
    'ApproximateNumberOfMessagesDelayed',
] as const;

/** The most messages of one request. */
export const BATCH = 10;

/** A client for the region and endpoint of the environment (`AWS_REGION`, `AWS_ENDPOINT_URL`). */
export function createSqsClient(): SQSClient {
    return new SQSClient({
        maxAttempts: 5,
        requestHandler: { connectionTimeout: CONNECT_MS, socketTimeout: ANSWER_MS },
    });
}

/** Connects to a queue. Throws UsageError when there is none of that name. */
export async function createQueue(client: Pick<SQSClient, 'send'>, name: string): Promise<Queue> {
    const sqs = client as SQSClient;
    const { QueueUrl } = await ask({ action: 'sqs:GetQueueUrl', on: name }, () =>
        sqs.send(new GetQueueUrlCommand({ QueueName: name })),
    );
    return {
        async count() {
            const get = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...COUNTS] });
            const { Attributes = {} } = await ask({ action: 'sqs:GetQueueAttributes', on: name }, () => sqs.send(get));
            return COUNTS.reduce((sum, attribute) => sum + Number(Attributes[attribute] ?? 0), 0);
        },
        async receive() {
            const next = new ReceiveMessageCommand({
                QueueUrl,
                MaxNumberOfMessages: BATCH,
                WaitTimeSeconds: 1,
                VisibilityTimeout: HIDDEN_SECONDS,
                MessageSystemAttributeNames: ['SentTimestamp'],
            });
            return (await ask({ action: 'sqs:ReceiveMessage', on: name }, () => sqs.send(next))).Messages ?? [];
        },
        async release(messages) {
            for (let start = 0; start < messages.length; start += BATCH) {
                const Entries = entriesOf(messages.slice(start, start + BATCH));
                const Shown = Entries.map((entry) => ({ ...entry, VisibilityTimeout: 0 }));
                await ask({ action: 'sqs:ChangeMessageVisibility', on: name }, () =>
                    sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries: Shown })),
                );
            }
        },
        async send(bodies) {
            const Entries = bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody }));
            const { Failed = [] } = await ask({ action: 'sqs:SendMessage', on: name }, () =>
                sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries })),
            );
            if (Failed.length === 0) return;
            throw new TransientError(
                `${name} took ${bodies.length - Failed.length} of ${bodies.length} messages (${Failed[0]?.Message}). Run it again.`,
            );
        },
        async remove(messages) {
            await ask({ action: 'sqs:DeleteMessage', on: name }, () =>
                sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries: entriesOf(messages) })),
            );
        },
    };
}

function entriesOf(messages: readonly Message[]): { Id: string; ReceiptHandle: string | undefined }[] {
    return messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
}
