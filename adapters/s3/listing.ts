import { ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { ask } from '../aws/failure.ts';

/** `a/b` and `a/b/` list what lies below `a/b/`, as a folder would; an empty prefix lists everything. */
export function folderPrefix(prefix: string): string {
    return prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
}

/** All objects below a prefix, page by page. */
export async function listObjects(
    client: S3Client,
    bucket: string,
    prefix: string,
): Promise<{ key: string; size: number }[]> {
    const Prefix = folderPrefix(prefix);
    const found: { key: string; size: number }[] = [];
    let ContinuationToken: string | undefined;
    do {
        const page = await ask({ action: 's3:ListBucket', on: `s3://${bucket}/${Prefix}` }, () =>
            client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix, ContinuationToken })),
        );
        for (const { Key, Size } of page.Contents ?? []) {
            // Consoles make empty objects with a slash at the end to show folders.
            if (Key !== undefined && !Key.endsWith('/')) found.push({ key: Key, size: Size ?? 0 });
        }
        ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
    return found;
}
