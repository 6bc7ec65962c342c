import { readdir, readFile, readlink } from 'node:fs/promises';

/** Addresses of this machine alone, as Linux writes them in /proc/net/tcp and tcp6. */
export const LOOPBACK: ReadonlySet<string> = new Set([
    '0100007F',
    '00000000000000000000000001000000',
    // 127.0.0.1 as a socket of IPv6 has it.
    '0000000000000000FFFF00000100007F',
]);

/** The addresses that processes accept connections on, as in /proc/net/tcp; Linux only. */
export async function addressesListenedOn(pids: readonly number[]): Promise<Set<string>> {
    const found = new Set<string>();
    for (const pid of pids) {
        const own = await socketsOf(pid);
        for (const table of ['tcp', 'tcp6']) {
            const text = await readFile(`/proc/${pid}/net/${table}`, 'utf8').catch(() => '');
            for (const line of text.trimEnd().split('\n').slice(1)) {
                const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
                if (state === '0A' && own.has(inode)) found.add(local.split(':')[0] as string);
            }
        }
    }
    return found;
}

async function socketsOf(pid: number): Promise<Set<string>> {
    const sockets = new Set<string>();
    for (const fd of await readdir(`/proc/${pid}/fd`).catch(() => [])) {
        const [, inode] = /^socket:\[(\d+)\]$/.exec(await readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')) ?? [];
        if (inode !== undefined) sockets.add(inode);
    }
    return sockets;
}

/** Processes that a process started, and those that they did. */
export async function descendantsOf(pid: number): Promise<number[]> {
    const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
    const children = text.split(' ').filter(Boolean).map(Number);
    return [...children, ...(await Promise.all(children.map(descendantsOf))).flat()];
}
