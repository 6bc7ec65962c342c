import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { BlobStore } from '#core/store/ports.ts';

/** What every blob store promises. `make` gives an empty one. */
export function describeBlobStore(name: string, make: () => Promise<BlobStore>): void {
    describe(`the blob store of ${name}`, () => {
        const textOf = async (blobs: BlobStore, key: string) => {
            const { paths, release } = await blobs.open([key]);
            const text = await readFile(paths[0] as string, 'utf8');
            await release();
            return text;
        };

        it('gives every caller an empty scratch folder of its own', async () => {
            const blobs = await make();
            const [one, other] = [await blobs.scratch(), await blobs.scratch()];

            expect(one).not.toBe(other);
            expect((await stat(one)).isDirectory()).toBe(true);
        });

        it('keeps texts by key and replaces them', async () => {
            const blobs = await make();
            await blobs.putText('runs/1/plan.json', 'one');
            await blobs.putText('runs/1/plan.json', 'zwei ä');

            expect(await blobs.readText('runs/1/plan.json')).toBe('zwei ä');
            expect(await blobs.readText('runs/2/plan.json')).toBeUndefined();
        });

        it('moves a file in, whole, and replaces what was there', async () => {
            const blobs = await make();
            for (const text of ['first', 'second']) {
                const path = join(await blobs.scratch(), 'file');
                await writeFile(path, text);
                await blobs.put('marts/m/part.parquet', path);
                await expect(stat(path)).rejects.toThrow('ENOENT');
            }

            expect(await textOf(blobs, 'marts/m/part.parquet')).toBe('second');
        });

        it('moves a folder in with all files at any depth, and leaves none of what was there', async () => {
            const blobs = await make();
            for (const names of [
                ['old.parquet', 'a/x.parquet'],
                ['a/x.parquet', 'b/c/y.parquet'],
            ]) {
                const folder = join(await blobs.scratch(), 'table');
                for (const file of names) {
                    await mkdir(join(folder, file, '..'), { recursive: true });
                    await writeFile(join(folder, file), file);
                }
                await blobs.put('marts/m/run=1', folder);
            }

            expect(await blobs.list('marts/m')).toEqual([
                { key: 'marts/m/run=1/a/x.parquet', size: 11 },
                { key: 'marts/m/run=1/b/c/y.parquet', size: 13 },
            ]);
        });

        it('opens many files in the order asked for', async () => {
            const blobs = await make();
            await blobs.putText('b', 'bee');
            await blobs.putText('a', 'ay');
            const { paths, release } = await blobs.open(['b', 'a']);
            const texts = await Promise.all(paths.map((path) => readFile(path, 'utf8')));
            await release();

            expect(texts).toEqual(['bee', 'ay']);
        });

        it('lists the files below a prefix, sorted, with sizes, and none that only begin alike', async () => {
            const blobs = await make();
            for (const key of ['r/b', 'r/a/c', 'rs/d']) await blobs.putText(key, key);

            expect(await blobs.list('r')).toEqual([
                { key: 'r/a/c', size: 5 },
                { key: 'r/b', size: 3 },
            ]);
            expect(await blobs.list('nothing')).toEqual([]);
        });

        it('removes files, also those that are not there', async () => {
            const blobs = await make();
            await blobs.putText('a', '1');
            await blobs.putText('b', '2');
            await blobs.remove(['a', 'nothing']);

            expect(await blobs.readText('a')).toBeUndefined();
            expect(await blobs.readText('b')).toBe('2');
        });
    });
}
