import { describe, expect, it } from 'vitest';
import { folderByFile, inTurns } from '#test/support/chaos/ports.ts';
import { createTurns } from '#test/support/chaos/turns.ts';
import { realDisk } from '#test/support/fakes/disk.ts';
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

// As the chaos suite has them: each call waits for its turn, folders become blobs file by file.
const freely = () => createTurns([], [], () => undefined);
describeControlStore('the chaos suite', async () => inTurns(freely(), 'control', createMemoryControl()));
describeBlobStore('the chaos suite', async () =>
    folderByFile(realDisk, inTurns(freely(), 'blobs', createMemoryBlobs(realDisk))),
);

describeLandingStore('memory', async () => createMemoryLanding());
describeMartPublisher('memory', async () => {
    const publisher = createMemoryPublisher();
    const rows = async (table: string) => [...(publisher.marts.get(table)?.rows.values() ?? [])].map((row) => [...row]);
    return { publisher, rows: async (table) => (await rows(table)).sort() };
});

describe('the publisher in memory', () => {
    it('puts no rows over those of a publisher that was faster', async () => {
        const publisher = createMemoryPublisher();
        const publish = (versionId: string, rows: AsyncIterable<string>) => {
            const columns = [{ name: 'id', type: 'bigint' }] as const;
            const change = { kind: 'full', rows, replaces: null } as const;
            return publisher.publish({
                runId: 'r',
                marts: [{ table: 'things', columns, key: ['id'], versionId, change }],
            });
        };
        async function* slow() {
            await publish(
                'v2',
                (async function* () {
                    yield '2\n';
                })(),
            );
            yield '1\n';
        }

        await expect(publish('v1', slow())).rejects.toThrow('another was faster');
        expect(publisher.marts.get('things')?.version).toBe('v2');
    });
});
