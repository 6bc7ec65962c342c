import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createS3Landing } from '#adapters/s3/landing.ts';
import { PipelineError, TransientError, UsageError } from '#core/errors.ts';
import { createMemoryS3, failure } from '#test/support/fakes/memory-s3.ts';
import { temporaryFolder } from '#test/support/temporary.ts';

const KEY = 'landing/orders/o.csv';

async function fileOf(text: string): Promise<string> {
    const path = join(await temporaryFolder(), 'o.csv');
    await writeFile(path, text);
    return path;
}

function bucket(kind: 'versioned' | 'plain' = 'versioned') {
    const s3 = createMemoryS3({ versioned: kind === 'versioned' ? ['landing'] : [] });
    return { s3, landing: createS3Landing(s3.client, 'landing') };
}

describe('landing on S3', () => {
    it('makes one version when the same file is landed by many at once', async () => {
        const { s3, landing } = bucket();
        const path = await fileOf('a,b\n1,2\n');
        const refs = await Promise.all(Array.from({ length: 5 }, () => landing.land(KEY, path)));

        expect(s3.objects.get(`landing/${KEY}`)).toHaveLength(1);
        expect(new Set(refs.map(({ version }) => version)).size).toBe(1);
    });

    it('lands other bytes as a new version, also over what came in between', async () => {
        const { s3, landing } = bucket();
        await landing.land(KEY, await fileOf('one'));
        const two = await fileOf('two');
        let isFirst = true;
        s3.before = async (request) => {
            if (!request.startsWith('PutObject') || !isFirst) return;
            isFirst = false;
            await landing.land(KEY, await fileOf('between'));
        };
        const ref = await landing.land(KEY, two);

        const versions = s3.objects.get(`landing/${KEY}`) ?? [];
        expect(versions.map(({ body }) => body.toString())).toEqual(['one', 'between', 'two']);
        expect(versions.at(-1)?.version).toBe(ref.version);
    });

    it('gives up when the object keeps changing', async () => {
        const { s3, landing } = bucket();
        s3.before = (request) => {
            if (request.startsWith('PutObject')) throw failure('PreconditionFailed', 412);
        };
        const landed = landing.land(KEY, await fileOf('x'));

        await expect(landed).rejects.toThrow(TransientError);
        await expect(landed).rejects.toThrow(`s3://landing/${KEY} keeps changing: gave up after 5 tries.`);
    });

    it('names an object by its tag where the bucket keeps no versions, as the event does', async () => {
        const { s3, landing } = bucket('plain');
        const ref = await landing.land(KEY, await fileOf('x'));

        expect(ref.version).toMatch(/^[0-9a-f]{32}$/);
        expect(await landing.head(ref)).toMatchObject({ size: 1 });
        await landing.land(KEY, await fileOf('y'));
        expect(await landing.head(ref)).toBeUndefined();
        expect(s3.objects.get(`landing/${KEY}`)).toHaveLength(1);
    });

    it('downloads the version asked for under its own name, until it is released', async () => {
        const { landing } = bucket();
        const ref = await landing.land(KEY, await fileOf('one'));
        await landing.land(KEY, await fileOf('two'));
        const file = await landing.open(ref);

        expect(file.path.endsWith('/o.csv')).toBe(true);
        expect(await readFile(file.path, 'utf8')).toBe('one');
        await file.release();
        expect(existsSync(dirname(file.path))).toBe(false);
    });

    it('says when the version to open is gone', async () => {
        const { landing } = bucket();
        const opened = landing.open({ bucket: 'landing', key: KEY, version: 'v-gone' });

        await expect(opened).rejects.toThrow(PipelineError);
        await expect(opened).rejects.toThrow(`Version v-gone of s3://landing/${KEY} is not there any more.`);
    });

    it('does not call an object gone because the answer without a body may mean that', async () => {
        const { s3, landing } = bucket();
        s3.before = () => {
            throw failure('ExpiredToken', 400, 'expired');
        };

        await expect(landing.head({ bucket: 'landing', key: KEY, version: 'v-1' })).rejects.toThrow(UsageError);
    });

    it('says which file cannot be read, and why', async () => {
        const { s3, landing } = bucket();
        const folder = join(await temporaryFolder(), 'folder');
        await mkdir(folder);

        await expect(landing.land(KEY, '/nowhere/o.csv')).rejects.toThrow(
            'Cannot read /nowhere/o.csv: it does not exist.',
        );
        await expect(landing.land(KEY, folder)).rejects.toThrow(`Cannot read ${folder}: it is a folder.`);
        expect(s3.requests).toEqual([]);
    });
});
