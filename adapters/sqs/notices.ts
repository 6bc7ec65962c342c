import type { Message, SQSClient } from '@aws-sdk/client-sqs';
import type { IsoInstant, ObjectRef } from '#core/types.ts';
import { BATCH, createQueue } from './queue.ts';

/** A notice of a landed file that could not be admitted. */
export interface DeadLetter {
    readonly id: string;
    readonly sentAt: IsoInstant;
    /** The file it tells of; undefined when it tells of none, and then sending it again is of no use. */
    readonly object: ObjectRef | undefined;
}

/** The queues by which a deployed pipeline hears of landed files. */
export interface Notices {
    /** Notices that wait to be admitted or are being admitted, and those that were given up. */
    waiting(): Promise<{ readonly arrivals: number; readonly deadLetters: number }>;
    /** The notices that were given up, a thousand or so at most. They stay where they are. */
    deadLetters(): Promise<DeadLetter[]>;
    /** Tells of objects as S3 does. */
    announce(objects: readonly ObjectRef[]): Promise<void>;
    /**
     * Sends notices that were given up to be admitted once more and returns them. Those that tell of no file stay. One
     * that is sent and not removed, because the connection broke, comes twice: a file is admitted once.
     */
    redrive(): Promise<DeadLetter[]>;
}

const MOST_LISTED = 1_000;

/** The queues of the pipeline with a name such as `cartlake-prod`. Throws UsageError when it is not deployed. */
export async function createNotices(client: Pick<SQSClient, 'send'>, pipeline: string): Promise<Notices> {
    const arrivals = await createQueue(client, `${pipeline}-arrivals`);
    const given = await createQueue(client, `${pipeline}-dead-letters`);
    return {
        waiting: async () => ({ arrivals: await arrivals.count(), deadLetters: await given.count() }),
        async deadLetters() {
            const found: Message[] = [];
            for (let some = await given.receive(); some.length > 0; some = await given.receive()) {
                found.push(...some);
                if (found.length >= MOST_LISTED) break;
            }
            await given.release(found);
            return found.map(letterOf);
        },
        async announce(objects) {
            for (let start = 0; start < objects.length; start += BATCH) {
                await arrivals.send(objects.slice(start, start + BATCH).map(noticeOf));
            }
        },
        async redrive() {
            const sent: DeadLetter[] = [];
            const left: Message[] = [];
            for (let some = await given.receive(); some.length > 0; some = await given.receive()) {
                const useful = some.filter((message) => letterOf(message).object !== undefined);
                left.push(...some.filter((message) => !useful.includes(message)));
                if (useful.length === 0) continue;
                await arrivals.send(useful.map(({ Body = '' }) => Body));
                await given.remove(useful);
                sent.push(...useful.map(letterOf));
            }
            await given.release(left);
            return sent;
        },
    };
}

function letterOf({ MessageId = '', Body = '', Attributes }: Message): DeadLetter {
    const sentAt = new Date(Number(Attributes?.SentTimestamp ?? 0)).toISOString();
    return { id: MessageId, sentAt, object: objectOf(Body) };
}

/** S3's "Object Created" as EventBridge delivers it. */
function noticeOf({ bucket, key, version }: ObjectRef): string {
    return JSON.stringify({
        'detail-type': 'Object Created',
        source: 'aws.s3',
        detail: { bucket: { name: bucket }, object: { key, 'version-id': version } },
    });
}

interface Notice {
    readonly detail?: {
        readonly bucket?: { readonly name?: unknown };
        readonly object?: { readonly key?: unknown; readonly 'version-id'?: unknown; readonly etag?: unknown };
    };
}

function objectOf(body: string): ObjectRef | undefined {
    try {
        const { detail } = (JSON.parse(body) ?? {}) as Notice;
        const [bucket, key] = [detail?.bucket?.name, detail?.object?.key];
        const version = detail?.object?.['version-id'] ?? detail?.object?.etag ?? '';
        if (typeof bucket !== 'string' || typeof key !== 'string') return undefined;
        return { bucket, key, version: String(version) };
    } catch {
        return undefined;
    }
}
