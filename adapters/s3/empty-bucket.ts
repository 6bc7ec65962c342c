import { DeleteObjectsCommand, ListObjectVersionsCommand, type S3Client } from '@aws-sdk/client-s3';
import { ask, nameOf, toPipelineError } from '../aws/failure.ts';

/**
 * Removes every object of a bucket with all its versions. Returns how many versions there were; 0 when there is no
 * such bucket. Throws a PipelineError when one cannot be removed.
 */
export async function emptyBucket(client: S3Client, bucket: string): Promise<number> {
    let removed = 0;
    for (;;) {
        const list = new ListObjectVersionsCommand({ Bucket: bucket, MaxKeys: 1_000 });
        const page = await ask({ action: 's3:ListBucketVersions', on: `s3://${bucket}` }, () =>
            client.send(list).catch((error: unknown) => {
                if (nameOf(error) !== 'NoSuchBucket') throw error;
            }),
        );
        const Objects = [...(page?.Versions ?? []), ...(page?.DeleteMarkers ?? [])].map(({ Key, VersionId }) => ({
            Key: Key ?? '',
            VersionId,
        }));
        if (Objects.length === 0) return removed;
        const asked = { action: 's3:DeleteObjectVersion', on: `s3://${bucket}` };
        const { Errors = [] } = await ask(asked, () =>
            client.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } })),
        );
        const [failed] = Errors;
        if (failed) {
            const error = Object.assign(new Error(failed.Message ?? 'no reason given'), { name: failed.Code ?? '' });
            throw toPipelineError(error, { ...asked, on: `s3://${bucket}/${failed.Key}` });
        }
        removed += Objects.length;
    }
}
