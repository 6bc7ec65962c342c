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

    async function write(
        key: string,
        value: unknown,
        condition: { readonly IfNoneMatch: '*' } | { readonly IfMatch: string },
    ): Promise<string> {
        const written = await askForObject({ action: 's3:PutObject', on: uri(key) }, () =>
            client.send(
                new PutObjectCommand({
                    Bucket: bucket,
                    Key: key + ENDING,
                    Body: JSON.stringify(value),
                    ContentType: 'application/json',
                    ...condition,
                }),
            ),
        );
        // A condition on a state that was removed is answered with 404.
        if (written === undefined) throw new ConflictError(`${uri(key)} was removed by somebody else.`);
        return written.ETag ?? '';
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
        create: (key, value) => write(key, value, { IfNoneMatch: '*' }),
        replace: (key, value, etag) => write(key, value, { IfMatch: etag }),
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
