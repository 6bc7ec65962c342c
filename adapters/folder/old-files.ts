import { mkdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { OldFiles } from '#core/vacuum/ports.ts';
import { codeOf, onDisk, pathOf, uniqueName } from './disk.ts';

/** Blobs of a folder by the time they were written. */
export function createFolderOldFiles(root: string): OldFiles {
    const temporary = join(root, 'tmp');
    return {
        writtenAt: (key) => writtenAt(pathOf(root, key)),
        removeOlder: (key, before) =>
            onDisk(key, async () => {
                const path = pathOf(root, key);
                const known = await writtenAt(path);
                if (known === undefined || known >= before) return false;
                await mkdir(temporary, { recursive: true });
                const aside = join(temporary, uniqueName());
                if (!(await moved(path, aside))) return false;
                // What was moved is what is judged: nobody can write it any more.
                const isOld = ((await writtenAt(aside)) ?? before) < before;
                if (!isOld && (await writtenAt(path)) === undefined) await rename(aside, path);
                else await rm(aside, { force: true });
                if (isOld) await removeEmptyFolders(root, dirname(path));
                return isOld;
            }),
    };
}

async function writtenAt(path: string): Promise<string | undefined> {
    try {
        return (await stat(path)).mtime.toISOString();
    } catch (error) {
        if (codeOf(error) === 'ENOENT') return undefined;
        throw error;
    }
}

async function moved(from: string, to: string): Promise<boolean> {
    try {
        await rename(from, to);
        return true;
    } catch (error) {
        if (codeOf(error) === 'ENOENT') return false;
        throw error;
    }
}

/** Folders of runs are never used again; those of staged rows may be, at any time. */
async function removeEmptyFolders(root: string, folder: string): Promise<void> {
    const [place = '', ...below] = relative(root, folder).split(/[\\/]/);
    if ((place !== 'marts' && place !== 'runs') || below.length < (place === 'runs' ? 1 : 2)) return;
    try {
        await rmdir(folder);
    } catch {
        // Not empty, or gone already.
        return;
    }
    await removeEmptyFolders(root, dirname(folder));
}
