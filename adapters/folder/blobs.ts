import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { cp, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { BlobStore } from '#core/store/ports.ts';
import { codeOf, onDisk, pathOf, uniqueName } from './disk.ts';

/**
 * Data files in a folder. Files move in by `rename`, so they are there whole or not at all. What is done in no time is
 * done synchronously, as with control documents: renames, and reading and writing texts, which are small.
 */
export function createFolderBlobs(root: string): BlobStore {
    const temporary = join(root, 'tmp');

    function draft(): string {
        mkdirSync(temporary, { recursive: true });
        return join(temporary, uniqueName());
    }

    return {
        scratch: () =>
            onDisk('the scratch folder', async () => {
                const folder = draft();
                mkdirSync(folder);
                return folder;
            }),
        put: (key, localPath) =>
            onDisk(key, async () => {
                const target = pathOf(root, key);
                mkdirSync(dirname(target), { recursive: true });
                await moveInto(localPath, target);
            }),
        putText: (key, text) =>
            onDisk(key, async () => {
                const target = pathOf(root, key);
                const path = draft();
                try {
                    writeFileSync(path, text);
                    mkdirSync(dirname(target), { recursive: true });
                    renameSync(path, target);
                } catch (error) {
                    rmSync(path, { force: true });
                    throw error;
                }
            }),
        async readText(key) {
            const path = pathOf(root, key);
            return ifThere((async () => readFileSync(path, 'utf8'))());
        },
        open: async (keys) => ({ paths: keys.map((key) => pathOf(root, key)), release: async () => undefined }),
        async list(prefix) {
            const folder = pathOf(root, prefix);
            const entries = await ifThere(readdir(folder, { recursive: true, withFileTypes: true }));
            const files = (entries ?? []).filter((entry) => entry.isFile());
            const sized = files.map(async ({ parentPath, name }) => {
                const path = join(parentPath, name);
                const found = await ifThere(stat(path));
                return found ? [{ key: relative(root, path), size: found.size }] : [];
            });
            return (await Promise.all(sized)).flat().sort((a, b) => (a.key < b.key ? -1 : 1));
        },
        async remove(keys) {
            for (const key of keys) await rm(pathOf(root, key), { force: true });
        },
    };
}

async function ifThere<T>(reading: Promise<T>): Promise<T | undefined> {
    try {
        return await reading;
    } catch (error) {
        if (codeOf(error) === 'ENOENT') return undefined;
        throw error;
    }
}

/** A scratch folder may lie on another disk (a mounted quota): then the file is copied beside its target first. */
async function moveInto(from: string, to: string): Promise<void> {
    try {
        replaceBy(from, to);
    } catch (error) {
        if (codeOf(error) !== 'EXDEV') throw error;
        const beside = `${to}.${uniqueName()}`;
        try {
            await cp(from, beside, { recursive: true });
            replaceBy(beside, to);
        } catch (failed) {
            await rm(beside, { recursive: true, force: true });
            throw failed;
        }
        await rm(from, { recursive: true, force: true });
    }
}

/** A file takes a file's place at one moment; only a folder has to go first. */
function replaceBy(from: string, to: string): void {
    try {
        renameSync(from, to);
    } catch (error) {
        if (!IN_THE_WAY.has(codeOf(error) ?? '')) throw error;
        rmSync(to, { recursive: true, force: true });
        renameSync(from, to);
    }
}

const IN_THE_WAY = new Set(['ENOTEMPTY', 'EEXIST', 'EISDIR', 'ENOTDIR']);
