import { existsSync, readdirSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { createFolderBlobs } from '#adapters/folder/blobs.ts';
import { createFolderControl } from '#adapters/folder/control.ts';
import { createFolderLanding } from '#adapters/folder/landing.ts';
import { createFileReader } from '#adapters/folder/reader.ts';
import { TransientError } from '#core/errors.ts';
import { fill, smallDisk } from '#test/support/full-disk.ts';
import { temporaryFolder } from '#test/support/temporary.ts';

const disk = smallDisk(4);
const root = 'folder' in disk ? disk.folder : '';
const NOTE = 'unavailable' in disk ? ` (skipped: ${disk.unavailable})` : '';

afterEach(() => rm(join(root, 'filler'), { force: true }));
afterAll(() => {
    if ('unmount' in disk) disk.unmount();
});

async function expectFull(work: Promise<unknown>): Promise<void> {
    const error = await work.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TransientError);
    expect((error as Error).message).toMatch(/^The disk is full \(ENOSPC while writing .*free some space and run/);
}

const scratchOf = () => (existsSync(join(root, 'tmp')) ? readdirSync(join(root, 'tmp')) : []);

describe.skipIf('unavailable' in disk)(`on a full disk${NOTE}`, () => {
    it('control documents keep their state and say what to do', async () => {
        const control = createFolderControl(root);
        const etag = await control.create('control/k', 'before');
        const filler = fill(root);

        await expectFull(control.replace('control/k', 'x'.repeat(100_000), etag));
        await expectFull(control.create('control/new', 'x'.repeat(100_000)));
        expect((await control.read('control/k'))?.value).toBe('before');
        expect(await control.read('control/new')).toBeUndefined();

        await rm(filler);
        await control.replace('control/k', 'after', etag);
        expect((await control.read('control/k'))?.value).toBe('after');
    });

    it('texts keep their state and leave no half file', async () => {
        const blobs = createFolderBlobs(root);
        await blobs.putText('runs/plan.json', 'before');
        fill(root);

        await expectFull(blobs.putText('runs/plan.json', 'x'.repeat(100_000)));
        expect(await blobs.readText('runs/plan.json')).toBe('before');
        expect(scratchOf()).toEqual([]);
    });

    it('a file from another disk is not moved in by halves', async () => {
        const blobs = createFolderBlobs(root);
        await mkdir(join(root, 'marts'), { recursive: true });
        const source = join(await temporaryFolder(), 'part.parquet');
        await writeFile(source, Buffer.alloc(200_000));
        fill(root);

        await expectFull(blobs.put('marts/part.parquet', source));
        expect(readdirSync(join(root, 'marts'))).toEqual([]);
        expect(existsSync(source)).toBe(true);
    });

    it('a landing that does not fit leaves nothing behind', async () => {
        const source = join(await temporaryFolder(), 'o.csv');
        await writeFile(source, Buffer.alloc(5_000_000, 'x'));
        const landing = createFolderLanding(root);

        await expectFull(landing.land('landing/orders/o.csv', source));
        expect(scratchOf()).toEqual([]);
    });

    it('a file that decompresses to more than there is room for says so', async () => {
        const source = join(await temporaryFolder(), 'o.csv.gz');
        await writeFile(source, gzipSync(Buffer.alloc(20_000_000, 'x')));

        await expectFull(
            createFileReader().plain(source, { compression: 'gzip', encoding: 'utf-8', blankBytes: 0 }, root, 1e9),
        );
    });
});
