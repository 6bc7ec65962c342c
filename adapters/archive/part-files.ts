import { mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onDisk } from '../folder/disk.ts';

/** A file of a part. Size in bytes. */
export interface PartFile {
    readonly path: string;
    readonly size: number;
}

/** Files that hold parts of archives while these are staged, under names of this machine's own. */
export interface PartFiles {
    /** Makes the folder of the files, where it is not there. Throws as `onDisk` does. */
    prepare(): Promise<void>;
    /** Writes bytes to a file and returns its path. Throws as `onDisk` does. */
    write(bytes: Buffer): Promise<string>;
    /** A path at which there is no file. */
    newPath(): string;
    /** Takes files back that nobody reads any more: some are written again, the others go. */
    takeBack(files: Iterable<PartFile>): void;
    /** Removes all files, also those that are in use. */
    close(): void;
}

/** Bytes and number of files that wait to be written again: what a few archives hold that are read together. */
const MOST_SPARE_BYTES = 64e6;
const MOST_SPARE_FILES = 1_000;

/**
 * Files in a folder that nobody else uses. To write one again costs a tenth of making and removing one, for which the
 * disk has to find a place. They are written synchronously: a turn among the threads takes longer than writing one.
 */
export function createPartFiles(folder: string): PartFiles {
    let spare: PartFile[] = [];
    let spareBytes = 0;
    let made = 0;
    const newPath = () => join(folder, `${++made}.part`);

    return {
        prepare: () =>
            onDisk('the folder of unpacked files', async () => {
                // Whoever removed the folder removed its files.
                if (mkdirSync(folder, { recursive: true }) !== undefined) [spare, spareBytes] = [[], 0];
            }),
        newPath,
        write: (bytes) =>
            onDisk('a file of an archive', async () => {
                const known = spare.pop();
                spareBytes -= known?.size ?? 0;
                const path = known?.path ?? newPath();
                try {
                    writeFileSync(path, bytes, { flag: known ? 'r+' : 'w' });
                    if (known && known.size > bytes.length) truncateSync(path, bytes.length);
                } catch (error) {
                    rmSync(path, { force: true });
                    throw error;
                }
                return path;
            }),
        takeBack(files) {
            for (const file of files) {
                if (spare.length < MOST_SPARE_FILES && spareBytes + file.size <= MOST_SPARE_BYTES) {
                    spare.push(file);
                    spareBytes += file.size;
                } else rmSync(file.path, { force: true });
            }
        },
        close: () => rmSync(folder, { recursive: true, force: true }),
    };
}
