import { describe, expect, it } from 'vitest';
import { createS3Control } from '#adapters/s3/control.ts';
import { ConflictError, TransientError } from '#core/errors.ts';
import { createMemoryS3, failure } from '#test/support/fakes/memory-s3.ts';

describe('control documents on S3', () => {
    it('are JSON objects that people find under their key', async () => {
        const s3 = createMemoryS3();
        await createS3Control(s3.client, 'lake').create('control/build-requests', { requested: 1 });

        const [stored] = s3.objects.get('lake/control/build-requests.json') ?? [];
        expect(stored?.body.toString()).toBe('{"requested":1}');
        expect(stored?.type).toBe('application/json');
    });

    it('are listed page by page', async () => {
        const control = createS3Control(createMemoryS3({ page: 3 }).client, 'lake');
        for (let n = 0; n < 10; n++) await control.create(`control/open/${n}`, {});

        expect(await control.list('control/open')).toEqual(Array.from({ length: 10 }, (_, n) => `control/open/${n}`));
    });

    it('stand beside other files without listing them', async () => {
        const s3 = createMemoryS3();
        const control = createS3Control(s3.client, 'lake');
        await control.create('control/a', 1);
        const [stored] = s3.objects.get('lake/control/a.json') ?? [];
        s3.objects.set('lake/control/note.txt', stored ? [stored] : []);

        expect(await control.list('control')).toEqual(['control/a']);
    });

    it('conflict when S3 cannot decide between two who write at once', async () => {
        const s3 = createMemoryS3();
        const control = createS3Control(s3.client, 'lake');
        const etag = await control.create('k', 1);
        s3.before = () => {
            throw failure('ConditionalRequestConflict', 409);
        };

        await expect(control.replace('k', 2, etag)).rejects.toThrow(ConflictError);
        await expect(control.create('other', 2)).rejects.toThrow(ConflictError);
    });

    it('fail as they are when the network does', async () => {
        const s3 = createMemoryS3();
        const control = createS3Control(s3.client, 'lake');
        s3.before = () => {
            throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
        };

        await expect(control.create('k', 1)).rejects.toThrow(TransientError);
        await expect(control.read('k')).rejects.toThrow(TransientError);
    });
});
