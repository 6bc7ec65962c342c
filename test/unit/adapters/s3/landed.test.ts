import type { S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { listLanded } from '#adapters/s3/landed.ts';

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second));

function bucketOf(...pages: readonly object[]) {
    const sent: Record<string, unknown>[] = [];
    const client = {
        async send({ input }: { input: Record<string, unknown> }) {
            sent.push(input);
            return pages[sent.length - 1];
        },
    } as unknown as Pick<S3Client, 'send'>;
    return { client, sent };
}

describe('what has landed in a bucket', () => {
    it('is every version of every file, the oldest first, page after page', async () => {
        const { client, sent } = bucketOf(
            {
                Versions: [{ Key: 'landing/a.csv', VersionId: '2', LastModified: at(2) }],
                NextKeyMarker: 'landing/a.csv',
                NextVersionIdMarker: '2',
            },
            { Versions: [{ Key: 'landing/a.csv', VersionId: '1', LastModified: at(1) }] },
        );

        expect(await listLanded(client, 'b')).toEqual([
            { object: { bucket: 'b', key: 'landing/a.csv', version: '1' }, landedAt: '2026-01-01T00:00:01.000Z' },
            { object: { bucket: 'b', key: 'landing/a.csv', version: '2' }, landedAt: '2026-01-01T00:00:02.000Z' },
        ]);
        expect(sent).toMatchObject([
            { Bucket: 'b', Prefix: 'landing/' },
            { KeyMarker: 'landing/a.csv', VersionIdMarker: '2' },
        ]);
    });

    it('is nothing that was deleted, and no folder', async () => {
        const { client } = bucketOf({
            Versions: [
                { Key: 'landing/gone.csv', VersionId: '1', LastModified: at(1) },
                { Key: 'landing/back.csv', VersionId: '3', LastModified: at(1) },
                { Key: 'landing/folder/', VersionId: '4', LastModified: at(1) },
            ],
            DeleteMarkers: [
                { Key: 'landing/gone.csv', IsLatest: true },
                { Key: 'landing/back.csv', IsLatest: false },
            ],
        });

        expect((await listLanded(client, 'b')).map(({ object }) => object.key)).toEqual(['landing/back.csv']);
    });

    it('is named by the tag of its content where the bucket has no versions', async () => {
        const { client } = bucketOf({ Versions: [{ Key: 'landing/a.csv', VersionId: 'null', ETag: '"tag"' }] });

        expect((await listLanded(client, 'b'))[0]?.object.version).toBe('tag');
    });
});
