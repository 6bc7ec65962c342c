import { join, relative } from 'node:path';
import type { BlobStore } from '#core/store/ports.ts';
import { type Disk, realDisk } from './disk.ts';

/** Blobs in memory, by key; `open` and `scratch` make files on the disk. */
export function createMemoryBlobs(disk: Disk = realDisk): BlobStore & { readonly files: ReadonlyMap<string, Buffer> } {
    const files = new Map<string, Buffer>();
    const below = (prefix: string) => [...files.keys()].filter((key) => key === prefix || key.startsWith(`${prefix}/`));
    return {
        files,
        scratch: () => disk.folder(),
        async put(key, localPath) {
            const paths = disk.files(localPath);
            const contents = paths.map((path) => disk.read(path));
            for (const old of below(key)) files.delete(old);
            for (const [index, path] of paths.entries()) {
                files.set(path === localPath ? key : `${key}/${relative(localPath, path)}`, contents[index] as Buffer);
            }
            disk.remove(localPath);
        },
        async putText(key, text) {
            files.set(key, Buffer.from(text));
        },
        async readText(key) {
            return files.get(key)?.toString();
        },
        async open(keys) {
            const folder = await disk.folder();
            const paths = keys.map((key) => join(folder, key));
            for (const [index, path] of paths.entries()) disk.write(path, files.get(keys[index] as string) ?? '');
            return { paths, release: async () => disk.remove(folder) };
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
