import { execFile } from 'node:child_process';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Marks a server and all its descendants; process numbers alone are reused, and a killed server leaves orphans. */
export const ID_VARIABLE = 'CARTLAKE_LOCALSTACK_ID';

/** The numbers of this user's processes that carry the id. */
export async function processesOf(id: string): Promise<number[]> {
    const mark = `${ID_VARIABLE}=${id}`;
    if (process.platform === 'linux') {
        const pids = await numbersIn('/proc');
        const found = await Promise.all(pids.map(async (pid) => (await environmentOnLinux(pid)).includes(mark)));
        return pids.filter((_, index) => found[index]);
    }
    const { stdout } = await run('ps', ['eww', '-axo', 'pid=,command='], { maxBuffer: 2 ** 26 });
    const lines = stdout.split('\n').filter((line) => line.includes(mark));
    return lines.map((line) => Number.parseInt(line, 10));
}

/** Kills all processes with the id, and those they start meanwhile. Returns the numbers it met. */
export async function killAll(id: string): Promise<number[]> {
    const met = new Set<number>();
    for (let attempt = 0; attempt < 50; attempt++) {
        const pids = await processesOf(id);
        if (pids.length === 0) break;
        for (const pid of pids) {
            met.add(pid);
            kill(pid);
        }
        await sleep(50);
    }
    return [...met];
}

/** Memory in use by processes, in MiB; undefined where the system does not tell. */
export async function residentMiB(pids: readonly number[]): Promise<number | undefined> {
    if (process.platform !== 'linux') return undefined;
    const sizes = await Promise.all(
        pids.map(async (pid) => {
            const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
            return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0);
        }),
    );
    return Math.round(sizes.reduce((sum, size) => sum + size, 0) / 1024);
}

/** Who listens on a port of 127.0.0.1, in words; undefined when unknown (another user's process, no lsof). */
export async function listenerOn(port: number): Promise<string | undefined> {
    const pid = process.platform === 'linux' ? await listenerOnLinux(port) : await listenerByLsof(port);
    if (pid === undefined) return undefined;
    const { stdout } = await run('ps', ['-o', 'args=', '-p', String(pid)]).catch(() => ({ stdout: '' }));
    const command = stdout.trim() || (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''));
    return `process ${pid} (${command.replaceAll('\0', ' ').trim().slice(0, 100)})`;
}

async function listenerByLsof(port: number): Promise<number | undefined> {
    const answer = await run('lsof', ['-nP', '-t', `-iTCP:${port}`, '-sTCP:LISTEN']).catch(() => undefined);
    return answer ? Number.parseInt(answer.stdout, 10) : undefined;
}

/** The socket's inode stands in /proc/net/tcp (state 0A listens), its owner has a file descriptor of that name. */
async function listenerOnLinux(port: number): Promise<number | undefined> {
    const tables = await Promise.all(
        ['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8').catch(() => '')),
    );
    const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
    const rows = tables.flatMap((table) => table.split('\n').map((line) => line.trim().split(/\s+/)));
    const inode = rows.find((row) => row[1]?.endsWith(suffix) && row[3] === '0A')?.[9];
    for (const pid of inode === undefined ? [] : await numbersIn('/proc')) {
        for (const descriptor of await numbersIn(`/proc/${pid}/fd`)) {
            const target = await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => '');
            if (target === `socket:[${inode}]`) return pid;
        }
    }
    return undefined;
}

async function environmentOnLinux(pid: number): Promise<string[]> {
    const text = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    return text.split('\0');
}

async function numbersIn(folder: string): Promise<number[]> {
    const names = await readdir(folder).catch((): string[] => []);
    return names.filter((name) => /^\d+$/.test(name)).map(Number);
}

function kill(pid: number): void {
    try {
        process.kill(pid, 'SIGKILL');
    } catch (error) {
        // It has ended meanwhile.
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
}
