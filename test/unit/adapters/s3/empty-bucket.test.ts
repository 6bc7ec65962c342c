import { DeleteObjectsCommand, type S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { emptyBucket } from '#adapters/s3/empty-bucket.ts';

/** A bucket that lists what it holds in pages of two, and refuses to remove some of it. */
function aBucket(versions: readonly string[], refuses: readonly string[] = []) {
    let held = [...versions];
    const removed: string[] = [];
    async function send(command: { readonly input: object }): Promise<object> {
        if (!(command instanceof DeleteObjectsCommand)) {
            const [first, second] = held
                .slice(0, 2)
                .map((text) => ({ Key: text.slice(0, 1), VersionId: text.slice(1) }));
            return { Versions: first && [first], DeleteMarkers: second && [second] };
        }
        const asked = (command.input.Delete?.Objects ?? []).map(({ Key, VersionId }) => `${Key}${VersionId}`);
        const refused = asked.filter((text) => refuses.includes(text));
        removed.push(...asked);
        held = held.filter((text) => !asked.includes(text) || refused.includes(text));
        return { Errors: refused.map((text) => ({ Key: text.slice(0, 1), Code: 'AccessDenied', Message: 'locked' })) };
    }
    return { client: { send } as unknown as S3Client, removed };
}

describe('emptying a bucket', () => {
    it('removes all versions and delete markers, page by page', async () => {
        const { client, removed } = aBucket(['a1', 'a2', 'b1']);

        expect(await emptyBucket(client, 'lake')).toBe(3);
        expect(removed).toEqual(['a1', 'a2', 'b1']);
    });

    it('finds nothing to remove where there is no such bucket', async () => {
        const send = () => Promise.reject(Object.assign(new Error('none'), { name: 'NoSuchBucket' }));

        expect(await emptyBucket({ send } as unknown as S3Client, 'lake')).toBe(0);
    });

    it('says which object cannot be removed', async () => {
        const { client } = aBucket(['a1', 'b1'], ['b1']);

        await expect(emptyBucket(client, 'lake')).rejects.toThrow('s3://lake/b');
    });

    it('does not take another failure for an empty bucket', async () => {
        const send = () => Promise.reject(Object.assign(new Error('slow'), { name: 'SlowDown' }));

        await expect(emptyBucket({ send } as unknown as S3Client, 'lake')).rejects.toMatchObject({
            name: 'ThrottledError',
        });
    });
});
