import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { BlobStore } from '#core/store/ports.ts';
import { temporaryFolder } from '../temporary.ts';

/** Blobs in memory, by key; files that `open` and `scratch` make on disk go with the running test. */
export function createMemoryBlobs(): BlobStore & { readonly files: ReadonlyMap<string, Buffer> } {
    const files = new Map<string, Buffer>();
    const below = (prefix: string) => [...files.keys()].filter((key) => key === prefix || key.startsWith(`${prefix}/`));
    return {
        files,
        scratch: temporaryFolder,
        async put(key, localPath) {
            const isFolder = (await stat(localPath)).isDirectory();
            const paths = isFolder ? await filesOf(localPath) : [localPath];
            const contents = await Promise.all(paths.map((path) => readFile(path)));
            for (const old of below(key)) files.delete(old);
            for (const [index, path] of paths.entries()) {
                files.set(isFolder ? `${key}/${relative(localPath, path)}` : key, contents[index] as Buffer);
            }
            await rm(localPath, { recursive: true });
        },
        async putText(key, text) {
            files.set(key, Buffer.from(text));
        },
        async readText(key) {
            return files.get(key)?.toString();
        },
        async open(keys) {
            const folder = await temporaryFolder();
            const paths = keys.map((key) => join(folder, key));
            for (const [index, path] of paths.entries()) {
                await mkdir(dirname(path), { recursive: true });
                await writeFile(path, files.get(keys[index] as string) ?? '');
            }
            return { paths, release: () => rm(folder, { recursive: true, force: true }) };
        },
        async list(prefix) {
            const keys = below(prefix).filter((key) => key !== prefix);
            return keys.sort().map((key) => ({ key, size: files.get(key)?.length ?? 0 }));
        },
        async remove(keys) {
            for (const key of keys) files.delete(key);
        },
    };
}

async function filesOf(folder: string): Promise<string[]> {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
