import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { temporaryFolder } from '../temporary.ts';

/** This machine's disk as the fakes of stores and engines use it. */
export interface Disk {
    /** A new empty folder. */
    folder(): Promise<string>;
    write(path: string, content: Buffer | string): void;
    read(path: string): Buffer;
    /** Paths of the files in a folder at any depth, or of the file itself. */
    files(path: string): string[];
    remove(path: string): void;
}

/** The real disk; folders go with the running test. */
export const realDisk: Disk = {
    folder: temporaryFolder,
    write(path, content) {
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, content);
    },
    read: (path) => readFileSync(path),
    files(path) {
        if (!statSync(path).isDirectory()) return [path];
        const entries = readdirSync(path, { recursive: true, withFileTypes: true });
        return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    },
    remove: (path) => rmSync(path, { recursive: true, force: true }),
};

/** A disk in memory: nothing of it takes time, so that what waits for it goes on in a fixed order. */
export function memoryDisk(): Disk {
    const files = new Map<string, Buffer>();
    let folders = 0;
    const below = (path: string) => [...files.keys()].filter((each) => each === path || each.startsWith(`${path}/`));
    return {
        folder: async () => `/scratch/${++folders}`,
        write: (path, content) => files.set(path, Buffer.from(content)),
        read(path) {
            const found = files.get(path);
            if (!found) throw new Error(`There is no file ${path}.`);
            return found;
        },
        files: below,
        remove: (path) => {
            for (const each of below(path)) files.delete(each);
        },
    };
}
