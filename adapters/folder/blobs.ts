import { cp, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { BlobStore } from '#core/store/ports.ts';
import { codeOf, onDisk, pathOf, uniqueName } from './disk.ts';

/** Data files in a folder. Files move in by `rename`, so they are there whole or not at all. */
export function createFolderBlobs(root: string): BlobStore {
    const temporary = join(root, 'tmp');

    async function draft(): Promise<string> {
        await mkdir(temporary, { recursive: true });
        return join(temporary, uniqueName());
    }

    return {
        scratch: () =>
            onDisk('the scratch folder', async () => {
                const folder = await draft();
                await mkdir(folder);
                return folder;
            }),
        put: (key, localPath) =>
            onDisk(key, async () => {
                const target = pathOf(root, key);
                await rm(target, { recursive: true, force: true });
                await mkdir(dirname(target), { recursive: true });
                await moveInto(localPath, target);
            }),
        putText: (key, text) =>
            onDisk(key, async () => {
                const path = await draft();
                await writeFile(path, text);
                const target = pathOf(root, key);
                await mkdir(dirname(target), { recursive: true });
                await rename(path, target);
            }),
        async readText(key) {
            try {
                return await readFile(pathOf(root, key), 'utf8');
            } catch (error) {
                if (codeOf(error) === 'ENOENT') return undefined;
                throw error;
            }
        },
        open: async (keys) => ({ paths: keys.map((key) => pathOf(root, key)), release: async () => undefined }),
        async list(prefix) {
            const folder = pathOf(root, prefix);
            const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
            const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
            const sized = files.map(async (path) => ({ key: relative(root, path), size: (await stat(path)).size }));
            return (await Promise.all(sized)).sort((a, b) => (a.key < b.key ? -1 : 1));
        },
        async remove(keys) {
            for (const key of keys) await rm(pathOf(root, key), { force: true });
        },
    };
}

/** A scratch folder may lie on another disk (a mounted quota): then the file is copied beside its target first. */
async function moveInto(from: string, to: string): Promise<void> {
    try {
        await rename(from, to);
    } catch (error) {
        if (codeOf(error) !== 'EXDEV') throw error;
        const beside = `${to}.${uniqueName()}`;
        await cp(from, beside, { recursive: true });
        await rename(beside, to);
        await rm(from, { recursive: true, force: true });
    }
}
