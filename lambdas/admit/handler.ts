import { z } from 'zod';
import { type Admission, admit } from '#core/ingest/admit.ts';
import type { IngestContext } from '#core/pipeline.ts';
import { defineStage } from '../_chain/chain.ts';

/** S3's "Object Created" as EventBridge delivers it; only what identifies the object. */
export const objectCreated = z.object({
    'detail-type': z.literal('Object Created'),
    detail: z.object({
        bucket: z.object({ name: z.string() }),
        object: z.object({ key: z.string(), 'version-id': z.string().optional(), etag: z.string().optional() }),
    }),
});

const queueEvent = z.object({ Records: z.array(z.object({ messageId: z.string(), body: z.string() })) });
const batchResponse = z.object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })) });

type AdmitContext = Pick<IngestContext, 'contracts' | 'landing' | 'ledger' | 'executions'> & {
    /** Hears what became of each object and what failed; the queue repeats what failed. */
    readonly onAdmission?: (admission: Admission) => void;
    readonly onFailure?: (error: unknown) => void;
};

/** Admits the objects of a queue's batch; messages that fail go back to the queue alone. */
export const admitStage = defineStage({
    name: 'admit',
    input: queueEvent,
    output: batchResponse,
    async run(context: AdmitContext, { Records }) {
        const batchItemFailures: { itemIdentifier: string }[] = [];
        for (const { messageId, body } of Records) {
            try {
                const { detail } = objectCreated.parse(JSON.parse(body));
                const version = detail.object['version-id'] ?? detail.object.etag ?? '';
                const object = { bucket: detail.bucket.name, key: detail.object.key, version };
                const admission = await admit(context, object);
                context.onAdmission?.(admission);
            } catch (error) {
                context.onFailure?.(error);
                batchItemFailures.push({ itemIdentifier: messageId });
            }
        }
        return { batchItemFailures };
    },
});
