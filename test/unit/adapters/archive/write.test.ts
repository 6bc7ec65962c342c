import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createArchiveReader } from '#adapters/archive/reader.ts';
import { writeArchive } from '#adapters/archive/write.ts';
import type { ArchiveFile } from '#core/generate/sales/archives.ts';
import { temporaryFolder } from '#test/support/temporary.ts';

const files: ArchiveFile[] = [
    { name: 'mon.zip', files: () => [{ name: 'part-001.json', text: '[1]' }] },
    { name: 'readme.txt', text: 'hello' },
];

describe('writing an archive', () => {
    it('makes archives in it, which are read again', async () => {
        const path = join(await temporaryFolder(), 'week.zip');
        const size = await writeArchive(path, files);

        expect(size).toBe((await readFile(path)).length);
        const found: [string, string][] = [];
        for await (const part of createArchiveReader(await temporaryFolder()).unpack(path, 1e9)) {
            found.push([part.name, 'path' in part ? await readFile(part.path, 'utf8') : part.reason]);
        }
        expect(found).toEqual([
            ['mon.zip!/part-001.json', '[1]'],
            ['readme.txt', 'hello'],
        ]);
    });

    it('gives equal bytes for equal files, whenever it is written', async () => {
        const folder = await temporaryFolder();
        await writeArchive(join(folder, 'a.zip'), files);
        await new Promise((later) => setTimeout(later, 2_100));
        await writeArchive(join(folder, 'b.zip'), files);

        expect((await readFile(join(folder, 'a.zip'))).equals(await readFile(join(folder, 'b.zip')))).toBe(true);
    });

    it('leaves nothing behind when its files cannot be made', async () => {
        const folder = await temporaryFolder();
        function* failing(): Generator<ArchiveFile> {
            yield files[0] as ArchiveFile;
            throw new Error('no more');
        }

        await expect(writeArchive(join(folder, 'a.zip'), failing())).rejects.toThrow('no more');
        expect(await readdir(folder)).toEqual([]);
    });
});
