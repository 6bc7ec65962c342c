import type { linkSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createFolderControl } from '#adapters/folder/control.ts';
import { ConflictError } from '#core/errors.ts';
import { swap } from '#core/store/swap.ts';
import { runProcess, runProcessSync } from '#test/support/run-process.ts';
import { temporaryFolder } from '#test/support/temporary.ts';

const disk = vi.hoisted(() => ({ beforeLink: undefined as (() => void) | undefined }));

vi.mock('node:fs', async (importOriginal) => {
    const original = await importOriginal<typeof import('node:fs')>();
    const slowLink: typeof linkSync = (from, to) => {
        const wait = disk.beforeLink;
        disk.beforeLink = undefined;
        wait?.();
        original.linkSync(from, to);
    };
    return { ...original, linkSync: slowLink };
});

/** The next write sleeps before its last step, while another process writes. */
function sleepWhileOthersWrite(folder: string, times: number): void {
    disk.beforeLink = () => runProcessSync('processes/control-writer.ts', folder, 'count', String(times));
}

beforeEach(() => {
    disk.beforeLink = undefined;
});

const add = (control: ReturnType<typeof createFolderControl>) => swap<number>(control, 'counter', (now = 0) => now + 1);

describe('control documents in a folder', () => {
    it('loses no increment of two processes', async () => {
        const folder = await temporaryFolder();
        await Promise.all([
            runProcess('processes/control-writer.ts', folder, 'count', '100'),
            runProcess('processes/control-writer.ts', folder, 'count', '100'),
        ]);

        expect((await createFolderControl(folder).read('counter'))?.value).toBe(200);
    });

    it('survives two processes that create and remove one key all the time', async () => {
        const folder = await temporaryFolder();
        await Promise.all([
            runProcess('processes/control-writer.ts', folder, 'mark', '150'),
            runProcess('processes/control-writer.ts', folder, 'mark', '150'),
        ]);

        expect(await createFolderControl(folder).read('marks/one')).toBeUndefined();
    });

    it('keeps few old states and no drafts', async () => {
        const folder = await temporaryFolder();
        const control = createFolderControl(folder);
        for (let n = 0; n < 60; n++) await add(control);
        const files = await readdir(join(folder, 'counter.doc'));

        expect(files.length).toBeLessThanOrEqual(33);
        expect(files.filter((name) => !/^\d+\.json$/.test(name))).toEqual([]);
        expect((await control.read('counter'))?.value).toBe(60);
    });

    it('refuses a writer that slept while its turn was taken', async () => {
        const folder = await temporaryFolder();
        const control = createFolderControl(folder);
        const etag = await control.create('counter', 1);
        sleepWhileOthersWrite(folder, 1);

        await expect(control.replace('counter', 100, etag)).rejects.toThrow(ConflictError);
        expect((await control.read('counter'))?.value).toBe(2);
    });

    it('refuses a writer that slept until its turn was taken and pruned', async () => {
        const folder = await temporaryFolder();
        const control = createFolderControl(folder);
        const etag = await control.create('counter', 1);
        sleepWhileOthersWrite(folder, 40);

        await expect(control.replace('counter', 100, etag)).rejects.toThrow('counter was changed by somebody else.');
        expect((await control.read('counter'))?.value).toBe(41);
        expect(await add(control)).toBe(42);
    });

    it('refuses the tag of a document that was removed and made again meanwhile', async () => {
        const control = createFolderControl(await temporaryFolder());
        const etag = await control.create('counter', 1);
        await control.remove('counter');
        await control.create('counter', 7);

        await expect(control.replace('counter', 2, etag)).rejects.toThrow('counter was changed by somebody else.');
        expect((await control.read('counter'))?.value).toBe(7);
    });

    it('counts on after a writer that slept through many turns', async () => {
        const folder = await temporaryFolder();
        const control = createFolderControl(folder);
        await add(control);
        sleepWhileOthersWrite(folder, 40);
        await add(control);

        expect((await control.read('counter'))?.value).toBe(42);
    });

    it('reads past what a killed writer left', async () => {
        const folder = await temporaryFolder();
        const control = createFolderControl(folder);
        await control.create('k', 'whole');
        await writeFile(join(folder, 'k.doc', '123-abc.draft'), '"ha');
        await mkdir(join(folder, 'p', 'never-written.doc'), { recursive: true });

        expect((await control.read('k'))?.value).toBe('whole');
        expect(await control.read('p/never-written')).toBeUndefined();
        await control.create('p/never-written', 'now');
        expect((await control.read('p/never-written'))?.value).toBe('now');
    });

    it('refuses keys that lead out of the lake', async () => {
        const control = createFolderControl(await temporaryFolder());

        for (const key of ['../x', 'a/../../x', '/etc/x', 'a\0b']) {
            await expect(control.create(key, 1), key).rejects.toThrow('points outside the lake');
        }
    });
});
