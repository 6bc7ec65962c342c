import {
    DeleteObjectCommand,
    HeadObjectCommand,
    type HeadObjectCommandOutput,
    ListObjectVersionsCommand,
    type S3Client,
} from '@aws-sdk/client-s3';
import { UsageError } from '#core/errors.ts';
import type { OldFiles } from '#core/vacuum/ports.ts';
import { ask, askForObject } from '../aws/failure.ts';

/**
 * Blobs of a versioned bucket by the time they were written. Removing one puts a delete marker over it: its bytes stay
 * until the bucket's lifecycle ends them, and can be brought back that long.
 *
 * Nothing tells S3 to delete an object only if it is still the same one (If-Match compares contents, and a file that is
 * staged again has the contents it had). So what the marker covers is looked at afterwards: where it is not the version
 * that was judged, the marker is taken off again.
 */
export function createS3OldFiles(client: S3Client, bucket: string): OldFiles {
    const uri = (key: string) => `s3://${bucket}/${key}`;

    const head = (key: string): Promise<HeadObjectCommandOutput | undefined> =>
        askForObject({ action: 's3:GetObject', on: uri(key) }, () =>
            client.send(new HeadObjectCommand({ Bucket: bucket, Key: key })),
        );

    const remove = (key: string, version?: string) =>
        ask({ action: version === undefined ? 's3:DeleteObject' : 's3:DeleteObjectVersion', on: uri(key) }, () =>
            client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key, VersionId: version })),
        );

    /** The newest version of an object that is no delete marker. */
    async function newestVersion(key: string): Promise<string | undefined> {
        const list = new ListObjectVersionsCommand({ Bucket: bucket, Prefix: key, MaxKeys: 20 });
        const asked = { action: 's3:ListBucketVersions', on: `s3://${bucket}` };
        const { Versions = [] } = await ask(asked, () => client.send(list));
        return Versions.find(({ Key }) => Key === key)?.VersionId;
    }

    return {
        writtenAt: async (key) => (await head(key))?.LastModified?.toISOString(),
        async removeOlder(key, before) {
            const found = await head(key);
            const writtenAt = found?.LastModified?.toISOString();
            if (writtenAt === undefined || writtenAt >= before) return false;
            if (found?.VersionId === undefined) throw notVersioned(bucket);
            const { VersionId: marker } = await remove(key);
            if (marker === undefined) throw notVersioned(bucket);
            if ((await newestVersion(key)) === found.VersionId) return true;
            await remove(key, marker);
            return false;
        },
    };
}

function notVersioned(bucket: string): UsageError {
    return new UsageError(
        `The bucket ${bucket} keeps no versions: a file that is written again while it is removed would be lost. ` +
            'Turn versioning on, as the deployed stack has it, then vacuum.',
    );
}
