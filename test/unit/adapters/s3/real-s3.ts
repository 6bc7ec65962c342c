import { randomBytes } from 'node:crypto';
import {
    CreateBucketCommand,
    DeleteBucketCommand,
    DeleteObjectsCommand,
    ListObjectVersionsCommand,
    PutBucketVersioningCommand,
    S3Client,
} from '@aws-sdk/client-s3';
import { onTestFinished } from 'vitest';

const endpoint = process.env.CARTLAKE_LOCALSTACK_ENDPOINT;

/** A client of the LocalStack that CARTLAKE_LOCALSTACK_ENDPOINT names; undefined without it. */
export const realS3 =
    endpoint === undefined || endpoint === ''
        ? undefined
        : new S3Client({
              endpoint,
              region: 'us-east-1',
              forcePathStyle: true,
              credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
          });

/** A bucket that goes with the running test. */
export async function newBucket(client: S3Client, kind?: 'versioned'): Promise<string> {
    const Bucket = `cartlake-test-${randomBytes(6).toString('hex')}`;
    await client.send(new CreateBucketCommand({ Bucket }));
    if (kind === 'versioned') {
        const VersioningConfiguration = { Status: 'Enabled' as const };
        await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
    }
    onTestFinished(() => removeBucket(client, Bucket));
    return Bucket;
}

async function removeBucket(client: S3Client, Bucket: string): Promise<void> {
    const { Versions = [], DeleteMarkers = [] } = await client.send(new ListObjectVersionsCommand({ Bucket }));
    const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }));
    if (Objects.length > 0) await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    await client.send(new DeleteBucketCommand({ Bucket }));
}
