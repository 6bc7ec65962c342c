import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { versionOfBytes } from '#adapters/folder/content-version.ts';
import { createFolderLanding } from '#adapters/folder/landing.ts';
import { UsageError } from '#core/errors.ts';
import { temporaryFolder } from '#test/support/temporary.ts';

async function sourceFile(name = 'o.csv'): Promise<string> {
    const path = join(await temporaryFolder(), name);
    await writeFile(path, 'a\n1\n');
    return path;
}

describe('landing in a folder', () => {
    it('stores the version before the file name, beside its siblings', async () => {
        const lake = await temporaryFolder();
        const { version } = await createFolderLanding(lake).land('landing/orders/my file, (1).csv', await sourceFile());

        expect(version).toMatch(/^[0-9a-f]{32}$/);
        expect(await readdir(join(lake, 'landing/orders'))).toEqual([`${version}-my file, (1).csv`]);
        expect(await readdir(join(lake, 'tmp'))).toEqual([]);
    });

    it.each([0, 1, 1 << 20, 2_500_000])('copies a file of %i bytes, whose content makes its version', async (size) => {
        const lake = await temporaryFolder();
        const content = randomBytes(size);
        const source = await sourceFile();
        await writeFile(source, content);
        const landing = createFolderLanding(lake);

        const ref = await landing.land('landing/orders/o.csv', source);

        expect(ref.version).toBe(versionOfBytes(content));
        const { path } = await landing.open(ref);
        expect(content.equals(await readFile(path))).toBe(true);
    });

    it('lands the same file from many callers at once', async () => {
        const lake = await temporaryFolder();
        const landing = createFolderLanding(lake);
        const source = await sourceFile();
        const refs = await Promise.all(Array.from({ length: 8 }, () => landing.land('landing/orders/o.csv', source)));

        expect(new Set(refs.map(({ version }) => version)).size).toBe(1);
        expect(await readdir(join(lake, 'landing/orders'))).toHaveLength(1);
        expect(await readdir(join(lake, 'tmp'))).toEqual([]);
    });

    it('says why a source cannot be read', async () => {
        const lake = await temporaryFolder();
        const landing = createFolderLanding(lake);
        const folder = await temporaryFolder();

        await expect(landing.land('landing/orders/o.csv', '/nowhere/o.csv')).rejects.toThrow(
            'Cannot read /nowhere/o.csv: it does not exist.',
        );
        await expect(landing.land('landing/orders/o.csv', folder)).rejects.toThrow(`${folder}: it is a folder.`);
        await expect(landing.land('landing/orders/o.csv', folder)).rejects.toThrow(UsageError);
        expect(await readdir(join(lake, 'tmp'))).toEqual([]);
    });

    it.skipIf(process.getuid?.() === 0)('says when it has no permission (root always has)', async () => {
        const source = await sourceFile();
        await chmod(source, 0o000);

        await expect(createFolderLanding(await temporaryFolder()).land('landing/o.csv', source)).rejects.toThrow(
            'no permission',
        );
    });

    it('refuses a file name that is too long for its place, and says so', async () => {
        const lake = await temporaryFolder();
        const landing = createFolderLanding(lake);
        const name = `${'o'.repeat(240)}.csv`;

        await expect(landing.land(`landing/orders/${name}`, await sourceFile(name))).rejects.toThrow(
            /file name .* is too long.*Rename/,
        );
        expect(await readdir(join(lake, 'tmp'))).toEqual([]);
    });

    it('does not take a place it cannot look at for a missing object', async () => {
        const lake = await temporaryFolder();
        await mkdir(join(lake, 'landing'));
        await symlink('orders', join(lake, 'landing/orders'));
        const head = createFolderLanding(lake).head({ bucket: 'lake', key: 'landing/orders/o.csv', version: 'v' });

        await expect(head).rejects.toThrow('ELOOP');
    });
});
