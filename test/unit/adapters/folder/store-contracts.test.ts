import { createFolderBlobs } from '#adapters/folder/blobs.ts';
import { createFolderControl } from '#adapters/folder/control.ts';
import { createFolderLanding } from '#adapters/folder/landing.ts';
import { describeBlobStore } from '#test/support/store-contracts/blobs.ts';
import { describeControlStore } from '#test/support/store-contracts/control.ts';
import { describeLandingStore } from '#test/support/store-contracts/landing.ts';
import { temporaryFolder } from '#test/support/temporary.ts';

describeControlStore('a folder', async () => createFolderControl(await temporaryFolder()));
describeBlobStore('a folder', async () => createFolderBlobs(await temporaryFolder()));
describeLandingStore('a folder', async () => createFolderLanding(await temporaryFolder()));
