import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

async function startOnLinux(pid: number): Promise<string | undefined> {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
    if (stat === undefined) return undefined;
    // The command name stands in parentheses and may hold anything, so count fields behind the last one (proc(5)).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state] = fields;
    return state === 'Z' || state === 'X' ? undefined : fields[19];
}

async function startByPs(pid: number): Promise<string | undefined> {
    const answer = await run('ps', ['-o', 'lstart=', '-p', String(pid)], { env: { LC_ALL: 'C' } }).catch(
        () => undefined,
    );
    const started = Date.parse(answer?.stdout.trim() ?? '');
    return Number.isNaN(started) ? undefined : String(started);
}

async function processStart(pid: number): Promise<string | undefined> {
    return process.platform === 'linux' ? startOnLinux(pid) : startByPs(pid);
}

/**
 * Name of a running process that no other process of this machine has had since it was started: pid and start
 * time. Undefined when no such process runs; a zombie does not run.
 */
export async function processIdentity(pid: number): Promise<string | undefined> {
    const start = await processStart(pid);
    return start === undefined ? undefined : `${pid}-${start}`;
}

/** Whether the process with this identity still runs. */
export async function isAlive(identity: string): Promise<boolean> {
    const pid = Number.parseInt(identity, 10);
    return (await processIdentity(pid)) === identity;
}
