import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFolderBlobs } from '#adapters/folder/blobs.ts';
import { temporaryFolder } from '#test/support/temporary.ts';

const sharedMemory = '/dev/shm';

async function fileIn(folder: string, text: string): Promise<string> {
    const path = join(folder, 'file');
    await writeFile(path, text);
    return path;
}

describe('blobs in a folder', () => {
    it('never lets a reader find a file missing while it is replaced', async () => {
        const blobs = createFolderBlobs(await temporaryFolder());
        await blobs.put('staging/part', await fileIn(await blobs.scratch(), 'same'));
        const { paths } = await blobs.open(['staging/part']);
        let isDone = false;
        const replacing = (async () => {
            for (let n = 0; n < 100; n++) await blobs.put('staging/part', await fileIn(await blobs.scratch(), 'same'));
            isDone = true;
        })();
        const texts = new Set<string>();
        while (!isDone) texts.add(await readFile(paths[0] as string, 'utf8'));
        await replacing;

        expect([...texts]).toEqual(['same']);
    });

    it('replaces a folder by a file and a file by a folder', async () => {
        const blobs = createFolderBlobs(await temporaryFolder());
        const folder = join(await blobs.scratch(), 'table');
        await mkdir(folder);
        await fileIn(folder, 'x');
        await blobs.put('place', folder);
        await blobs.put('place', await fileIn(await blobs.scratch(), 'a file'));
        expect(await blobs.readText('place')).toBe('a file');

        const other = join(await blobs.scratch(), 'table');
        await mkdir(other);
        await fileIn(other, 'y');
        await blobs.put('place', other);
        expect(await blobs.readText('place/file')).toBe('y');
    });

    it('moves files in from another disk', async () => {
        const blobs = createFolderBlobs(await temporaryFolder());
        const elsewhere = join(sharedMemory, `cartlake-test-${process.pid}`);
        await mkdir(elsewhere).catch(() => undefined);
        await fileIn(elsewhere, 'from afar');
        await blobs.put('marts/m', elsewhere);

        expect(await blobs.list('marts')).toEqual([{ key: 'marts/m/file', size: 9 }]);
        await expect(readFile(join(elsewhere, 'file'))).rejects.toThrow('ENOENT');
    });

    it('says what to put in when there is nothing', async () => {
        const blobs = createFolderBlobs(await temporaryFolder());

        await expect(blobs.put('marts/m', '/nowhere/at/all')).rejects.toThrow('ENOENT');
    });

    it('refuses keys that lead out of the lake, also for reading', async () => {
        const blobs = createFolderBlobs(await temporaryFolder());

        await expect(blobs.readText('../secret')).rejects.toThrow('points outside the lake');
        await expect(blobs.putText('../secret', '')).rejects.toThrow('points outside the lake');
        await expect(blobs.open(['a/../../b'])).rejects.toThrow('points outside the lake');
        await expect(blobs.remove(['/etc/passwd'])).rejects.toThrow('points outside the lake');
        await expect(blobs.list('..')).rejects.toThrow('points outside the lake');
    });

    it('does not hide what is wrong with a folder it cannot list', async () => {
        const blobs = createFolderBlobs(await temporaryFolder());
        await blobs.putText('a/file', '');

        await expect(blobs.list('a/file/below')).rejects.toThrow('ENOTDIR');
    });
});
