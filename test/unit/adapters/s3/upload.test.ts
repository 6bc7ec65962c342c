import { createHash } from 'node:crypto';
import { readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createS3Landing } from '#adapters/s3/landing.ts';
import { partBytes, uploadFile } from '#adapters/s3/upload.ts';
import { ConflictError, TransientError } from '#core/errors.ts';
import { createMemoryS3, failure } from '#test/support/fakes/memory-s3.ts';
import { temporaryFolder } from '#test/support/temporary.ts';
import { newBucket, realS3 } from './real-s3.ts';

const MIB = 1024 * 1024;

async function fileOf(bytes: number): Promise<string> {
    const path = join(await temporaryFolder(), 'data.parquet');
    await writeFile(path, 'PAR1');
    await truncate(path, bytes);
    return path;
}

const kinds = (requests: readonly string[]) => requests.map((request) => request.split(' ')[0]);

describe('a small file', () => {
    it.each([0, 4, 16 * MIB])('goes in one request (%i bytes)', async (bytes) => {
        const s3 = createMemoryS3();
        const { etag } = await uploadFile(s3.client, { bucket: 'b', key: 'k.parquet', path: await fileOf(bytes) });

        expect(kinds(s3.requests)).toEqual(['PutObject']);
        const [stored] = s3.objects.get('b/k.parquet') ?? [];
        expect(stored?.body.length).toBe(bytes);
        expect(stored).toMatchObject({ etag, type: 'application/vnd.apache.parquet' });
    });
});

describe('a large file', () => {
    it('goes in parts and is whole again', async () => {
        const s3 = createMemoryS3({ versioned: ['b'] });
        const path = await fileOf(40 * MIB + 3);
        const { version } = await uploadFile(s3.client, { bucket: 'b', key: 'k', path, metadata: { sha256: 'x' } });

        expect(kinds(s3.requests).filter((kind) => kind === 'UploadPart')).toHaveLength(3);
        const [stored] = s3.objects.get('b/k') ?? [];
        expect(stored?.body.length).toBe(40 * MIB + 3);
        expect(stored?.body.subarray(0, 4).toString()).toBe('PAR1');
        expect(stored).toMatchObject({ version, metadata: { sha256: 'x' } });
        expect(s3.uploads.size).toBe(0);
    });

    it('leaves nothing behind when a part fails', async () => {
        const s3 = createMemoryS3();
        s3.before = (request) => {
            if (request.startsWith('UploadPart') && kinds(s3.requests).filter((kind) => kind === 'UploadPart')[1]) {
                throw failure('InternalError', 500);
            }
        };
        const upload = uploadFile(s3.client, { bucket: 'b', key: 'k', path: await fileOf(40 * MIB) });

        await expect(upload).rejects.toThrow(TransientError);
        expect(s3.objects.size).toBe(0);
        expect(s3.uploads.size).toBe(0);
        expect(kinds(s3.requests).at(-1)).toBe('AbortMultipartUpload');
    });

    it('reports what went wrong even when it cannot be taken back', async () => {
        const s3 = createMemoryS3();
        s3.before = (request) => {
            if (request.startsWith('UploadPart')) throw failure('SlowDown', 503);
            if (request.startsWith('Abort')) throw failure('InternalError', 500);
        };
        const upload = uploadFile(s3.client, { bucket: 'b', key: 'k', path: await fileOf(17 * MIB) });

        await expect(upload).rejects.toThrow('SlowDown');
    });

    it('does not overwrite what came in between', async () => {
        const s3 = createMemoryS3();
        await uploadFile(s3.client, { bucket: 'b', key: 'k', path: await fileOf(1) });
        const condition = { IfNoneMatch: '*' } as const;
        const upload = uploadFile(s3.client, { bucket: 'b', key: 'k', path: await fileOf(17 * MIB), condition });

        await expect(upload).rejects.toThrow(ConflictError);
        expect(s3.objects.get('b/k')?.[0]?.body.length).toBe(1);
    });
});

it('makes parts large enough that 10,000 hold the file', () => {
    expect(partBytes(17 * MIB)).toBe(16 * MIB);
    expect(Math.ceil(5e12 / partBytes(5e12))).toBeLessThanOrEqual(10_000);
});

describe.runIf(realS3)('a real S3', { timeout: 60_000 }, () => {
    it('gives a file back as it was that went up in parts, and knows it again', async () => {
        const client = realS3 as NonNullable<typeof realS3>;
        const landing = createS3Landing(client, await newBucket(client, 'versioned'));
        const path = await fileOf(40 * MIB + 3);
        const ref = await landing.land('landing/orders/large.parquet', path);
        const again = await landing.land('landing/orders/large.parquet', path);
        const file = await landing.open(ref);
        const hashOf = async (name: string) =>
            createHash('sha256')
                .update(await readFile(name))
                .digest('hex');

        expect(again).toEqual(ref);
        expect(await hashOf(file.path)).toBe(await hashOf(path));
        await file.release();
    });
});
