import { createS3Blobs } from '#adapters/s3/blobs.ts';
import { createS3Control } from '#adapters/s3/control.ts';
import { createS3Landing } from '#adapters/s3/landing.ts';
import { createS3OldFiles } from '#adapters/s3/old-files.ts';
import { createMemoryS3 } from '#test/support/fakes/memory-s3.ts';
import { describeBlobStore } from '#test/support/store-contracts/blobs.ts';
import { describeControlStore } from '#test/support/store-contracts/control.ts';
import { describeLandingStore } from '#test/support/store-contracts/landing.ts';
import { describeOldFiles } from '#test/support/store-contracts/old-files.ts';
import { newBucket, realS3 } from './real-s3.ts';

describeControlStore('S3 in memory', async () => createS3Control(createMemoryS3().client, 'lake'));
describeBlobStore('S3 in memory, two keys a page', async () =>
    createS3Blobs(createMemoryS3({ page: 2 }).client, 'lake'),
);
describeLandingStore('S3 in memory', async () => {
    return createS3Landing(createMemoryS3({ versioned: ['landing'] }).client, 'landing');
});
describeOldFiles('S3 in memory', async () => {
    const { client } = createMemoryS3({ versioned: ['lake'] });
    return { blobs: createS3Blobs(client, 'lake'), files: createS3OldFiles(client, 'lake') };
});

if (realS3) {
    const client = realS3;
    describeControlStore('a real S3', async () => createS3Control(client, await newBucket(client)));
    describeBlobStore('a real S3', async () => createS3Blobs(client, await newBucket(client)));
    describeLandingStore('a real S3', async () => createS3Landing(client, await newBucket(client, 'versioned')));
    describeOldFiles('a real S3', async () => {
        const bucket = await newBucket(client, 'versioned');
        return { blobs: createS3Blobs(client, bucket), files: createS3OldFiles(client, bucket) };
    });
}
