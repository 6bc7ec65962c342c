import { createMemoryBlobs } from '#test/support/fakes/memory-blobs.ts';
import { createMemoryControl } from '#test/support/fakes/memory-control.ts';
import { createMemoryLanding } from '#test/support/fakes/memory-landing.ts';
import { describeBlobStore } from '#test/support/store-contracts/blobs.ts';
import { describeControlStore } from '#test/support/store-contracts/control.ts';
import { describeLandingStore } from '#test/support/store-contracts/landing.ts';

// The fakes of other tests keep the promises of the ports.
describeControlStore('memory', async () => createMemoryControl());
describeBlobStore('memory', async () => createMemoryBlobs());
describeLandingStore('memory', async () => createMemoryLanding());
