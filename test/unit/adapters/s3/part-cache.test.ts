import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createS3Blobs } from '#adapters/s3/blobs.ts';
import { createPartCache } from '#adapters/s3/part-cache.ts';
import { createMemoryS3 } from '#test/support/fakes/memory-s3.ts';
import { temporaryFolder } from '#test/support/temporary.ts';

async function cacheOf(mostBytes: number) {
    const folder = join(await temporaryFolder(), 'parts');
    const cache = createPartCache({ folder, mostBytes });
    const fetched: string[] = [];
    const open = (key: string, text = key) =>
        cache.open(key, async (path) => {
            fetched.push(key);
            await writeFile(path, text);
        });
    return { folder, cache, fetched, open };
}

describe('a cache of parts', () => {
    it('fetches a part once, also for those who ask at the same time', async () => {
        const { fetched, open } = await cacheOf(100);
        const [one, two] = await Promise.all([open('a'), open('a')]);
        await one.release();
        await two.release();
        const three = await open('a');

        expect(fetched).toEqual(['a']);
        expect(await readFile(three.path, 'utf8')).toBe('a');
    });

    it('lets go what was not asked for longest when it is full', async () => {
        const { fetched, open, folder } = await cacheOf(2);
        for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) await (await open(key)).release();

        expect(fetched).toEqual(['a', 'b', 'c', 'b']);
        expect(await readdir(folder)).toHaveLength(2);
    });

    it('keeps what is in use, however full it is', async () => {
        const { open, folder } = await cacheOf(1);
        const held = await open('a', 'large');
        await (await open('b')).release();

        expect(await readFile(held.path, 'utf8')).toBe('large');
        await held.release();
        expect(await readdir(folder)).toEqual([]);
    });

    it('releases a copy once, whoever releases it twice', async () => {
        const { open } = await cacheOf(0);
        const one = await open('a');
        const two = await open('a');
        await one.release();
        await one.release();

        expect(existsSync(two.path)).toBe(true);
    });

    it('fetches again after a failure, and tells of it', async () => {
        const { cache, fetched, open } = await cacheOf(100);
        const failed = cache.open('a', async () => {
            throw new Error('not there');
        });

        await expect(failed).rejects.toThrow('not there');
        await (await open('a')).release();
        expect(fetched).toEqual(['a']);
    });

    it('hands out the new bytes of a part that was forgotten, and the old ones to who still reads them', async () => {
        const { cache, open, folder } = await cacheOf(100);
        const old = await open('a', 'old');
        await cache.forget('a');
        const fresh = await open('a', 'new');

        expect(await readFile(old.path, 'utf8')).toBe('old');
        expect(await readFile(fresh.path, 'utf8')).toBe('new');
        await old.release();
        expect(await readdir(folder)).toHaveLength(1);
    });

    it('takes over an uploaded file', async () => {
        const { cache, fetched, open } = await cacheOf(100);
        const source = join(await temporaryFolder(), 'built.parquet');
        await writeFile(source, 'built');
        await cache.keep('a', source);
        const held = await open('a');

        expect(await readFile(held.path, 'utf8')).toBe('built');
        expect(fetched).toEqual([]);
        expect(existsSync(source)).toBe(false);
    });

    it('removes what an earlier process left in its folder', async () => {
        const { open, folder } = await cacheOf(100);
        await mkdir(folder, { recursive: true });
        await writeFile(join(folder, 'half.parquet'), '');
        const { path } = await open('a');

        expect(await readdir(folder)).toEqual([path.slice(folder.length + 1)]);
    });
});

describe('blobs with a cache', () => {
    async function lake() {
        const s3 = createMemoryS3();
        const cache = createPartCache({ folder: join(await temporaryFolder(), 'parts'), mostBytes: 100 });
        const blobs = createS3Blobs(s3.client, 'lake', cache);
        const gets = () => s3.requests.filter((request) => request.startsWith('GetObject'));
        const read = async (key: string) => {
            const { paths, release } = await blobs.open([key]);
            const text = await readFile(paths[0] as string, 'utf8');
            await release();
            return text;
        };
        const put = async (key: string, name: string, text: string) => {
            const folder = join(await blobs.scratch(), 'table');
            await mkdir(folder);
            await writeFile(join(folder, name), text);
            await blobs.put(key, folder);
        };
        return { s3, blobs, gets, read, put };
    }

    it('download parts of tables once, staged files each time: those may be written again', async () => {
        const { s3, gets, read, blobs } = await lake();
        await blobs.putText('marts/m/run=1/0.parquet', 'part');
        await blobs.putText('staging/users/1.parquet', 'old');
        await read('marts/m/run=1/0.parquet');
        await read('staging/users/1.parquet');
        await blobs.putText('staging/users/1.parquet', 'new');
        s3.requests.length = 0;

        expect(await read('marts/m/run=1/0.parquet')).toBe('part');
        expect(await read('staging/users/1.parquet')).toBe('new');
        expect(gets()).toEqual(['GetObject lake/staging/users/1.parquet']);
    });

    it('do not download what they uploaded, and hand out what a second try wrote', async () => {
        const { gets, read, put } = await lake();
        await put('marts/m/run=1', '0.parquet', 'first');
        await put('marts/m/run=1', '0.parquet', 'second');

        expect(await read('marts/m/run=1/0.parquet')).toBe('second');
        expect(gets()).toEqual([]);
    });

    it('download again what was replaced or removed by themselves', async () => {
        const { read, blobs } = await lake();
        await blobs.putText('marts/m/0.parquet', 'old');
        await read('marts/m/0.parquet');
        const path = join(await blobs.scratch(), 'file');
        await writeFile(path, 'new');
        await blobs.put('marts/m/0.parquet', path);

        expect(await read('marts/m/0.parquet')).toBe('new');
        await blobs.remove(['marts/m/0.parquet']);
        await expect(read('marts/m/0.parquet')).rejects.toThrow('is not there any more');
    });
});
