import { describe, expect, it } from 'vitest';
import { createS3Blobs } from '#adapters/s3/blobs.ts';
import { createS3OldFiles } from '#adapters/s3/old-files.ts';
import { createMemoryS3 } from '#test/support/fakes/memory-s3.ts';

const LATER = '2100-01-01T00:00:00.000Z';

function lake(versioned: readonly string[] = ['lake']) {
    const s3 = createMemoryS3({ versioned });
    return { s3, blobs: createS3Blobs(s3.client, 'lake'), files: createS3OldFiles(s3.client, 'lake') };
}

describe('old files on S3', () => {
    it('leave their bytes below a delete marker', async () => {
        const { s3, blobs, files } = lake();
        await blobs.putText('marts/a', 'one');
        await files.removeOlder('marts/a', LATER);

        expect(s3.objects.get('lake/marts/a')?.map(({ body, isMarker }) => isMarker ?? body.toString())).toEqual([
            'one',
            true,
        ]);
    });

    it.each(['DeleteObject', 'ListObjectVersions'])(
        'stay when the same bytes are written again right before %s',
        async (moment) => {
            const { s3, blobs, files } = lake();
            await blobs.putText('staging/a', 'same');
            let isWritten = false;
            s3.before = async (request) => {
                if (isWritten || !request.startsWith(moment)) return;
                isWritten = true;
                await blobs.putText('staging/a', 'same');
            };

            expect(await files.removeOlder('staging/a', LATER)).toBe(false);
            expect(await blobs.readText('staging/a')).toBe('same');
            expect(s3.objects.get('lake/staging/a')?.some(({ isMarker }) => isMarker)).toBe(false);
        },
    );

    it('are removed by whoever comes first and by whoever comes at the same time', async () => {
        const { blobs, files } = lake();
        await blobs.putText('marts/a', 'one');
        await Promise.all([files.removeOlder('marts/a', LATER), files.removeOlder('marts/a', LATER)]);

        expect(await blobs.readText('marts/a')).toBeUndefined();
    });

    it('are not touched in a bucket that keeps no versions', async () => {
        const { blobs, files } = lake([]);
        await blobs.putText('marts/a', 'one');

        await expect(files.removeOlder('marts/a', LATER)).rejects.toThrow('The bucket lake keeps no versions');
        expect(await blobs.readText('marts/a')).toBe('one');
    });

    it('say which right is missing', async () => {
        const { s3, blobs, files } = lake();
        await blobs.putText('marts/a', 'one');
        s3.allows = (action) => action !== 's3:DeleteObject';

        await expect(files.removeOlder('marts/a', LATER)).rejects.toThrow('Not allowed: s3:DeleteObject on s3://lake/');
    });
});
