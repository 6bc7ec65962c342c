import { ListObjectVersionsCommand, type S3Client } from '@aws-sdk/client-s3';
import type { IsoInstant, ObjectRef } from '#core/types.ts';
import { ask } from '../aws/failure.ts';

/** An object that landed, and when. */
export interface Landed {
    readonly object: ObjectRef;
    readonly landedAt: IsoInstant;
}

const PREFIX = 'landing/';

/** Every version of every file below landing/ whose newest version was not deleted, the oldest first. */
export async function listLanded(client: Pick<S3Client, 'send'>, bucket: string): Promise<Landed[]> {
    const found: (Landed & { readonly key: string })[] = [];
    const deleted = new Set<string>();
    let KeyMarker: string | undefined;
    let VersionIdMarker: string | undefined;
    do {
        const list = new ListObjectVersionsCommand({ Bucket: bucket, Prefix: PREFIX, KeyMarker, VersionIdMarker });
        const page = await ask({ action: 's3:ListBucketVersions', on: `s3://${bucket}/${PREFIX}` }, () =>
            (client as S3Client).send(list),
        );
        for (const { Key, IsLatest } of page.DeleteMarkers ?? []) {
            if (IsLatest && Key !== undefined) deleted.add(Key);
        }
        for (const { Key, VersionId, ETag, LastModified } of page.Versions ?? []) {
            // Consoles make empty objects with a slash at the end to show folders.
            if (Key === undefined || Key.endsWith('/')) continue;
            // A bucket without versions calls the one there is null; its events name the tag of the content.
            const version =
                VersionId === undefined || VersionId === 'null' ? (ETag ?? '').replaceAll('"', '') : VersionId;
            const landedAt = (LastModified ?? new Date(0)).toISOString();
            found.push({ key: Key, object: { bucket, key: Key, version }, landedAt });
        }
        ({ NextKeyMarker: KeyMarker, NextVersionIdMarker: VersionIdMarker } = page);
    } while (KeyMarker !== undefined);
    return found
        .filter(({ key }) => !deleted.has(key))
        .map(({ object, landedAt }) => ({ object, landedAt }))
        .sort((a, b) => (a.landedAt < b.landedAt ? -1 : a.landedAt > b.landedAt ? 1 : 0));
}
