import { existsSync, utimesSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFolderBlobs } from '#adapters/folder/blobs.ts';
import { createFolderOldFiles } from '#adapters/folder/old-files.ts';
import { temporaryFolder } from '#test/support/temporary.ts';

const OLD = new Date('2026-01-01T00:00:00.000Z');
const LIMIT = '2026-02-01T00:00:00.000Z';

async function aFolder(...keys: string[]) {
    const root = await temporaryFolder();
    const blobs = createFolderBlobs(root);
    for (const key of keys) {
        await blobs.putText(key, key);
        utimesSync(join(root, key), OLD, OLD);
    }
    return { root, blobs, files: createFolderOldFiles(root) };
}

describe('old files of a folder', () => {
    it('are removed, with the folders of runs that are empty then', async () => {
        const { root, files } = await aFolder('marts/m/run=1/batch=0/x/a.parquet', 'marts/m/run=2/b.parquet');

        expect(await files.writtenAt('marts/m/run=1/batch=0/x/a.parquet')).toBe(OLD.toISOString());
        expect(await files.removeOlder('marts/m/run=1/batch=0/x/a.parquet', LIMIT)).toBe(true);
        expect(await readdir(join(root, 'marts/m'))).toEqual(['run=2']);
        expect(await readdir(join(root, 'tmp'))).toEqual([]);
    });

    it('leave folders where rows may be staged again', async () => {
        const { root, files } = await aFolder('staging/events/1/c/part-0.parquet');
        await files.removeOlder('staging/events/1/c/part-0.parquet', LIMIT);

        expect(existsSync(join(root, 'staging/events/1/c'))).toBe(true);
    });

    it('are not those written since, nor those that are gone', async () => {
        const { blobs, files } = await aFolder('marts/a');
        await blobs.putText('marts/a', 'again');

        expect(await files.removeOlder('marts/a', LIMIT)).toBe(false);
        expect(await blobs.readText('marts/a')).toBe('again');
        expect(await files.removeOlder('marts/b', LIMIT)).toBe(false);
        expect(await files.writtenAt('marts/b')).toBeUndefined();
    });

    it('never takes what is written meanwhile', async () => {
        const { blobs, files } = await aFolder('staging/a');
        await Promise.all([files.removeOlder('staging/a', LIMIT), blobs.putText('staging/a', 'again')]);

        expect(await blobs.readText('staging/a')).toBe('again');
    });
});
