import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Removes what killed processes left in a lake's scratch area; names there begin with the writer's process id. */
export async function removeAbandonedScratch(root: string): Promise<number> {
    const temporary = join(root, 'tmp');
    const names = await readdir(temporary).catch(() => []);
    const abandoned = names.filter((name) => {
        const pid = Number(/^(\d+)-/.exec(name)?.[1]);
        return Number.isInteger(pid) && !isRunning(pid);
    });
    for (const name of abandoned) await rm(join(temporary, name), { recursive: true, force: true });
    return abandoned.length;
}

function isRunning(pid: number): boolean {
    try {
        process.kill(pid, 0);
        return true;
    } catch (error) {
        // Somebody else's process cannot be signalled, but it runs.
        return error instanceof Error && 'code' in error && error.code === 'EPERM';
    }
}
