import { createFolderBlobs } from '#adapters/folder/blobs.ts';
import { createFolderControl } from '#adapters/folder/control.ts';
import { createFolderLanding } from '#adapters/folder/landing.ts';
import { createFolderOldFiles } from '#adapters/folder/old-files.ts';
import { describeBlobStore } from '#test/support/store-contracts/blobs.ts';
import { describeControlStore } from '#test/support/store-contracts/control.ts';
import { describeLandingStore } from '#test/support/store-contracts/landing.ts';
import { describeOldFiles } from '#test/support/store-contracts/old-files.ts';
import { temporaryFolder } from '#test/support/temporary.ts';

describeControlStore('a folder', async () => createFolderControl(await temporaryFolder()));
describeBlobStore('a folder', async () => createFolderBlobs(await temporaryFolder()));
describeLandingStore('a folder', async () => createFolderLanding(await temporaryFolder()));
describeOldFiles('a folder', async () => {
    const root = await temporaryFolder();
    return { blobs: createFolderBlobs(root), files: createFolderOldFiles(root) };
});
