import type { SQSClient } from '@aws-sdk/client-sqs';

interface Stored {
    readonly id: string;
    readonly body: string;
    hidden: boolean;
}

/** Queues in memory as adapters see them by the SDK. Received messages stay hidden until they are shown again. */
export function createMemorySqs(...names: readonly string[]) {
    const queues = new Map(names.map((name) => [name, [] as Stored[]]));
    let count = 0;
    /** How many of the next messages to be sent are refused. */
    let refused = 0;

    const add = (name: string, body: string) => void queues.get(name)?.push({ id: `m${++count}`, body, hidden: false });

    function answer(request: string, input: Record<string, unknown>): unknown {
        if (request === 'GetQueueUrl') {
            const name = String(input.QueueName);
            if (queues.has(name)) return { QueueUrl: name };
            throw Object.assign(new Error('no such queue'), { name: 'QueueDoesNotExist' });
        }
        const queue = queues.get(String(input.QueueUrl)) as Stored[];
        const entries = (input.Entries ?? []) as { ReceiptHandle: string; MessageBody: string; Id: string }[];
        if (entries.length > 10) throw new Error('TooManyEntriesInBatchRequest');
        const meant = (handle: string) => queue.find(({ id }) => id === handle) as Stored;
        switch (request) {
            case 'GetQueueAttributes': {
                const shown = queue.filter(({ hidden }) => !hidden).length;
                return {
                    Attributes: {
                        ApproximateNumberOfMessages: String(shown),
                        ApproximateNumberOfMessagesNotVisible: String(queue.length - shown),
                    },
                };
            }
            case 'ReceiveMessage': {
                const some = queue.filter(({ hidden }) => !hidden).slice(0, Number(input.MaxNumberOfMessages));
                for (const each of some) each.hidden = true;
                const Messages = some.map(({ id, body }) => {
                    return { MessageId: id, ReceiptHandle: id, Body: body, Attributes: { SentTimestamp: '0' } };
                });
                return Messages.length > 0 ? { Messages } : {};
            }
            case 'ChangeMessageVisibilityBatch':
                for (const { ReceiptHandle } of entries) meant(ReceiptHandle).hidden = false;
                return {};
            case 'DeleteMessageBatch':
                for (const { ReceiptHandle } of entries) queue.splice(queue.indexOf(meant(ReceiptHandle)), 1);
                return {};
            case 'SendMessageBatch': {
                const failed = entries.slice(0, refused);
                for (const { MessageBody } of entries.slice(refused)) add(String(input.QueueUrl), MessageBody);
                return { Failed: failed.map(({ Id }) => ({ Id, Message: 'not now' })) };
            }
            default:
                throw new Error(`The queues in memory do not know ${request}.`);
        }
    }

    const client = {
        async send(command: { input: Record<string, unknown> }): Promise<unknown> {
            return answer(command.constructor.name.replace(/Command$/, ''), command.input);
        },
    } as unknown as SQSClient;

    return {
        client,
        add,
        bodies: (name: string) => (queues.get(name) ?? []).map(({ body }) => body),
        shown: (name: string) => (queues.get(name) ?? []).filter(({ hidden }) => !hidden).length,
        refuse(messages: number) {
            refused = messages;
        },
    };
}
