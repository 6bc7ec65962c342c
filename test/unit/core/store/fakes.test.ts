import { createMemoryBlobs } from '#test/support/fakes/memory-blobs.ts';
import { createMemoryControl } from '#test/support/fakes/memory-control.ts';
import { createMemoryLanding } from '#test/support/fakes/memory-landing.ts';
import { createMemoryPublisher } from '#test/support/fakes/memory-publisher.ts';
import { describeBlobStore } from '#test/support/store-contracts/blobs.ts';
import { describeControlStore } from '#test/support/store-contracts/control.ts';
import { describeLandingStore } from '#test/support/store-contracts/landing.ts';
import { describeMartPublisher } from '#test/support/store-contracts/publisher.ts';

// The fakes of other tests keep the promises of the ports.
describeControlStore('memory', async () => createMemoryControl());
describeBlobStore('memory', async () => createMemoryBlobs());
describeLandingStore('memory', async () => createMemoryLanding());
describeMartPublisher('memory', async () => {
    const publisher = createMemoryPublisher();
    const rows = async (table: string) => [...(publisher.marts.get(table)?.rows.values() ?? [])].map((row) => [...row]);
    return { publisher, rows: async (table) => (await rows(table)).sort() };
});
