import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process, told apart from a later one that was given the same number. */
export interface ProcessIdentity {
    readonly pid: number;
    /** When it started, in the words of the operating system. */
    readonly started: string;
}

/** This process. */
export function ownIdentity(): ProcessIdentity {
    return { pid: process.pid, started: startOf(process.pid) ?? 'unknown' };
}

/** Whether that very process still runs on this machine. */
export function isAlive(identity: ProcessIdentity): boolean {
    return startOf(identity.pid) === identity.started;
}

/**
 * A running process as a file name that no other process of this machine has had: pid and start. Undefined when no
 * such process runs; a zombie does not run.
 */
export function processName(pid: number): string | undefined {
    const started = startOf(pid);
    return started === undefined ? undefined : `${pid}-${started.replaceAll(/[^\w-]+/g, '_')}`;
}

/** Whether the process that had this name still runs. */
export function isNameAlive(name: string): boolean {
    return processName(Number.parseInt(name, 10)) === name;
}

/** Undefined when there is no such process. */
function startOf(pid: number): string | undefined {
    try {
        if (process.platform === 'linux') return linuxStart(pid);
        const started = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
        return started === '' ? undefined : started;
    } catch {
        return undefined;
    }
}

/** Ticks since boot (field 22 of stat; the command in field 2 may hold spaces) and which boot that was. */
function linuxStart(pid: number): string | undefined {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state] = fields;
    if (state === 'Z' || state === 'X') return undefined;
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot}/${fields[19]}`;
}
