import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findFiles } from '#cli/ingest/find-files.ts';
import { aContract, contractsOf } from '#test/support/builders.ts';
import { temporaryFolder } from '#test/support/temporary.ts';

const contracts = contractsOf(aContract());
const options = { contracts, dataset: undefined, name: undefined, temporary: '/nowhere' };

async function folderOf(...names: readonly string[]): Promise<string> {
    const folder = await temporaryFolder();
    for (const name of names) {
        await mkdir(join(folder, name, '..'), { recursive: true });
        await writeFile(join(folder, name), '');
    }
    return folder;
}

describe('findFiles', () => {
    it('takes files of folders that a contract covers, in order, and reports the others', async () => {
        const folder = await folderOf(
            'orders-2.csv',
            'sub/orders-1.csv.gz',
            'notes.txt',
            '.hidden/orders.csv',
            '.orders.csv',
        );

        const { files, skipped, unreadable } = await findFiles([folder], options);

        expect(files.map(({ key }) => key)).toEqual(['landing/orders/orders-2.csv', 'landing/orders/orders-1.csv.gz']);
        expect(skipped).toEqual([join(folder, 'notes.txt')]);
        expect(unreadable).toEqual([]);
    });

    it('lands a named file that no contract covers as unknown, for admit to reject it in words', async () => {
        const folder = await folderOf('notes.txt');

        const { files } = await findFiles([join(folder, 'notes.txt')], options);

        expect(files).toMatchObject([{ key: 'landing/unknown/notes.txt' }]);
    });

    it('takes the dataset it is told, whatever the names', async () => {
        const folder = await folderOf('notes.txt');

        const { files, skipped } = await findFiles([folder], { ...options, dataset: 'orders' });

        expect(files).toMatchObject([{ key: 'landing/orders/notes.txt' }]);
        expect(skipped).toEqual([]);
    });

    it('goes on after a path that cannot be read', async () => {
        const folder = await folderOf('orders.csv');

        const { files, unreadable } = await findFiles([join(folder, 'none.csv'), join(folder, 'orders.csv')], options);

        expect(files).toHaveLength(1);
        expect(unreadable).toEqual([{ name: join(folder, 'none.csv'), why: 'there is no such file or folder' }]);
    });

    it('refuses an unknown dataset', async () => {
        await expect(findFiles(['x'], { ...options, dataset: 'order' })).rejects.toThrow(
            'There is no dataset "order". There is: orders.',
        );
    });

    it.each([undefined, '', 'a/b.csv'])('refuses standard input under the name %o', async (name) => {
        await expect(findFiles(['-'], { ...options, name })).rejects.toThrow('Standard input needs a file name');
    });
});
