import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file system of a few megabytes, or why there cannot be one here. */
export type SmallDisk = { readonly folder: string; unmount(): void } | { readonly unavailable: string };

/** Mounts a tmpfs; only root may. Call `unmount` when done. */
export function smallDisk(megabytes: number): SmallDisk {
    if (process.platform !== 'linux' || process.getuid?.() !== 0) {
        return { unavailable: 'mounting a small file system needs root on Linux' };
    }
    const folder = mkdtempSync(join(tmpdir(), 'cartlake-disk-'));
    try {
        execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder], { stdio: 'pipe' });
    } catch (error) {
        rmSync(folder, { recursive: true });
        return { unavailable: `mount refused: ${error instanceof Error ? error.message.trim() : error}` };
    }
    return {
        folder,
        unmount() {
            execFileSync('umount', ['-l', folder]);
            rmSync(folder, { recursive: true });
        },
    };
}

/** Fills what is left of a file system; remove the file it returns to free it again. */
export function fill(folder: string): string {
    const path = join(folder, 'filler');
    for (const bytes of [1 << 20, 4096]) {
        try {
            for (;;) writeFileSync(path, Buffer.alloc(bytes), { flag: 'a' });
        } catch {
            // Full for pieces of this size.
        }
    }
    return path;
}
