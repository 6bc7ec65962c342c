import { memoryDisk } from '../fakes/disk.ts';
import { createMemoryBlobs } from '../fakes/memory-blobs.ts';
import { createMemoryControl } from '../fakes/memory-control.ts';
import { createMemoryLanding } from '../fakes/memory-landing.ts';
import { createMemoryPublisher } from '../fakes/memory-publisher.ts';
import { OBJECTS } from './objects.ts';

/** The stores of a world, seen without waiting for a turn; all objects are landed. */
export type Stores = Awaited<ReturnType<typeof newStores>>;

export async function newStores() {
    const disk = memoryDisk();
    let landedAt = '';
    const landing = createMemoryLanding(() => landedAt, disk);
    const refs = new Map<string, Awaited<ReturnType<typeof landing.land>>>();
    for (const [name, object] of Object.entries(OBJECTS)) {
        landedAt = object.landedAt;
        disk.write('/source', object.content);
        refs.set(name, await landing.land(object.key, '/source'));
    }
    return {
        disk,
        landing,
        refs,
        blobs: createMemoryBlobs(disk),
        control: createMemoryControl(),
        publisher: createMemoryPublisher(),
    };
}
