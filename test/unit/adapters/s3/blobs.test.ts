import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createS3Blobs } from '#adapters/s3/blobs.ts';
import { DataError, ThrottledError, UsageError } from '#core/errors.ts';
import { createMemoryS3, failure } from '#test/support/fakes/memory-s3.ts';
import { temporaryFolder } from '#test/support/temporary.ts';

function lake() {
    const s3 = createMemoryS3({ page: 400 });
    return { s3, blobs: createS3Blobs(s3.client, 'lake') };
}

afterEach(() => vi.unstubAllEnvs());

describe('blobs on S3', () => {
    it('tell browsers what they are', async () => {
        const { s3, blobs } = lake();
        await blobs.putText('reports/a/index.html', '<html>');
        await blobs.putText('runs/1/plan.json', '{}');
        await blobs.putText('strange', '');

        const types = [...s3.objects.values()].map(([stored]) => stored?.type);
        expect(types).toEqual(['text/html; charset=utf-8', 'application/json', 'application/octet-stream']);
    });

    it('are downloaded in the order asked for, also when two have the same name, and go when they are released', async () => {
        const { blobs } = lake();
        await blobs.putText('a/part.parquet', 'one');
        await blobs.putText('b/part.parquet', 'two');
        const { paths, release } = await blobs.open(['b/part.parquet', 'a/part.parquet']);

        expect(new Set(paths).size).toBe(2);
        expect(paths.every((path) => path.endsWith('.parquet'))).toBe(true);
        await release();
        expect(existsSync(dirname(paths[0] as string))).toBe(false);
    });

    it('that are gone halt the model and leave no copies', async () => {
        const { blobs } = lake();
        await blobs.putText('there', '1');
        const temporary = await temporaryFolder();
        vi.stubEnv('TMPDIR', temporary);
        const opened = blobs.open(['there', 'marts/gone.parquet']);

        await expect(opened).rejects.toThrow(DataError);
        await expect(opened).rejects.toThrow('s3://lake/marts/gone.parquet is not there any more. Build again');
        expect(await readdir(temporary)).toEqual([]);
    });

    it('ask for nothing when there is nothing to open', async () => {
        const { s3, blobs } = lake();
        const { paths, release } = await blobs.open([]);
        await release();

        expect(paths).toEqual([]);
        expect(s3.requests).toEqual([]);
    });

    it('of a folder go up at most eight at a time, and what a first try left there goes', async () => {
        const { s3, blobs } = lake();
        await blobs.putText('marts/m/run=1/old.parquet', 'old');
        let running = 0;
        let most = 0;
        s3.before = async (request) => {
            if (!request.startsWith('PutObject')) return;
            most = Math.max(most, ++running);
            await new Promise((resolve) => setTimeout(resolve, 1));
            running--;
        };
        const folder = join(await blobs.scratch(), 'table');
        await mkdir(folder);
        for (let n = 0; n < 30; n++) await writeFile(join(folder, `data_${n}.parquet`), String(n));
        await blobs.put('marts/m/run=1', folder);

        expect(most).toBe(8);
        expect(await blobs.list('marts/m')).toHaveLength(30);
        expect(existsSync(folder)).toBe(false);
    });

    it('are removed a thousand at a time', async () => {
        const { s3, blobs } = lake();
        const keys = Array.from({ length: 2_300 }, (_, n) => `old/${n}`);
        await blobs.remove(keys);

        expect(s3.requests.filter((request) => request.startsWith('DeleteObjects'))).toHaveLength(3);
    });

    it('are listed to the last page, without the empty objects that stand for folders', async () => {
        const { blobs } = lake();
        await blobs.putText('many/', '');
        for (let n = 0; n < 900; n++) await blobs.putText(`many/${String(n).padStart(4, '0')}`, 'x');

        const listed = await blobs.list('many');
        expect(listed).toHaveLength(900);
        expect(listed.at(-1)).toEqual({ key: 'many/0899', size: 1 });
    });

    it('say which action is missing', async () => {
        const { s3, blobs } = lake();
        s3.allows = (action) => action !== 's3:ListBucket';

        await expect(blobs.list('marts')).rejects.toThrow(UsageError);
        await expect(blobs.list('marts')).rejects.toThrow('Not allowed: s3:ListBucket on s3://lake/marts/.');
        await expect(blobs.readText('runs/none.json')).rejects.toThrow('Not allowed: s3:GetObject on s3://lake/runs');
    });

    it('report a removal that failed for one key', async () => {
        const Errors = [{ Key: 'b', Code: 'SlowDown', Message: 'slow' }];
        const client = { send: async () => ({ Errors }) } as never;

        await expect(createS3Blobs(client, 'lake').remove(['a', 'b'])).rejects.toThrow(ThrottledError);
        await expect(createS3Blobs(client, 'lake').remove(['a', 'b'])).rejects.toThrow('s3://lake/b');
    });

    it('go slower when S3 asks for it', async () => {
        const { s3, blobs } = lake();
        s3.before = () => {
            throw failure('SlowDown', 503);
        };

        await expect(blobs.putText('a', 'b')).rejects.toThrow(ThrottledError);
    });
});
