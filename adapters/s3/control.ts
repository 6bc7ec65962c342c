import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { ConflictError } from '#core/errors.ts';
import type { ControlStore } from '#core/store/ports.ts';
import { ask, askForObject } from '../aws/failure.ts';
import { listObjects } from './listing.ts';

const ENDING = '.json';

/**
 * Control documents as objects `<key>.json` of one bucket. Conditional writes make them compare-and-swap; reads after
 * writes and listings are strongly consistent on S3.
 */
export function createS3Control(client: S3Client, bucket: string): ControlStore {
    const uri = (key: string) => `s3://${bucket}/${key}${ENDING}`;

    /** Undefined when the condition does not hold. */
    async function write(
        key: string,
        value: unknown,
        condition: { readonly IfNoneMatch: '*' } | { readonly IfMatch: string },
    ): Promise<string | undefined> {
        const put = new PutObjectCommand({
            Bucket: bucket,
            Key: key + ENDING,
            Body: JSON.stringify(value),
            ContentType: 'application/json',
            ...condition,
        });
        // A condition on a state that was removed is answered with 404, one that does not hold with 412, and one that
        // could not be decided because others write at this moment with 409.
        const written = await askForObject({ action: 's3:PutObject', on: uri(key) }, () => client.send(put)).catch(
            (error: unknown) => {
                if (error instanceof ConflictError) return undefined;
                throw error;
            },
        );
        return written?.ETag;
    }

    return {
        async read<T>(key: string) {
            const asked = { action: 's3:GetObject', on: uri(key) };
            return askForObject(asked, async () => {
                const found = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key + ENDING }));
                const text = (await found.Body?.transformToString()) ?? 'null';
                return { value: JSON.parse(text) as T, etag: found.ETag ?? '' };
            });
        },
        async create(key, value) {
            const etag = await write(key, value, { IfNoneMatch: '*' });
            if (etag === undefined) throw new ConflictError(`${key} exists already.`);
            return etag;
        },
        async replace(key, value, etag) {
            const next = await write(key, value, { IfMatch: etag });
            if (next === undefined) throw new ConflictError(`${key} was changed by somebody else.`);
            return next;
        },
        async remove(key) {
            await ask({ action: 's3:DeleteObject', on: uri(key) }, () =>
                client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key + ENDING })),
            );
        },
        async list(prefix) {
            const objects = await listObjects(client, bucket, prefix);
            return objects
                .filter(({ key }) => key.endsWith(ENDING))
                .map(({ key }) => key.slice(0, -ENDING.length))
                .sort();
        },
    };
}
