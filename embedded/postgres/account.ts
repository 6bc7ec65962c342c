import { access, constants, readFile, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { UsageError } from '#core/errors.ts';

/** How to start a program as the user that owns the cluster. */
export interface Account {
    /** Set when this process is root: whom the cluster's files must belong to. */
    readonly owner: { readonly uid: number; readonly gid: number } | undefined;
    command(
        program: string,
        args: readonly string[],
    ): { file: string; args: string[]; ids: { uid?: number; gid?: number } };
}

/** Order of preference when root has to lend the cluster to somebody. */
const UNPRIVILEGED_USERS = ['postgres', 'nobody'];

const CAP_DAC_OVERRIDE = 1n;
const CAP_DAC_READ_SEARCH = 2n;

/**
 * Picks the user that PostgreSQL, which refuses to run as root, runs as.
 *
 * @param passwd text of /etc/passwd
 * @throws UsageError when there is no such user
 */
export function unprivilegedUser(passwd: string): { uid: number; gid: number } {
    const entries = passwd.split('\n').map((line) => line.split(':'));
    for (const name of UNPRIVILEGED_USERS) {
        const entry = entries.find((fields) => fields[0] === name);
        if (entry && Number(entry[2]) > 0) return { uid: Number(entry[2]), gid: Number(entry[3]) };
    }
    throw new UsageError(
        `PostgreSQL does not run as root, and this system has none of the users ${UNPRIVILEGED_USERS.join(', ')} to ` +
            'run it as. Run the command as a normal user, or give the URL of a server with --postgres.',
    );
}

/**
 * The capability that lets the server walk through folders only root may enter: reading suffices, and containers
 * often have the other one only.
 *
 * @param status text of /proc/self/status
 */
export function traversalCapability(status: string): string | undefined {
    const effective = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`);
    if (effective & (1n << CAP_DAC_READ_SEARCH)) return '+dac_read_search';
    if (effective & (1n << CAP_DAC_OVERRIDE)) return '+dac_override';
    return undefined;
}

async function findOnPath(program: string): Promise<string | undefined> {
    for (const folder of (process.env.PATH ?? '').split(delimiter)) {
        const path = join(folder, program);
        if (
            await access(path, constants.X_OK).then(
                () => true,
                () => false,
            )
        )
            return path;
    }
    return undefined;
}

async function accountForRoot(owner: { uid: number; gid: number }): Promise<Account> {
    const setpriv = await findOnPath('setpriv');
    const status = await readFile('/proc/self/status', 'utf8').catch(() => '');
    const capability = traversalCapability(status);
    if (setpriv === undefined || capability === undefined) {
        return { owner, command: (program, args) => ({ file: program, args: [...args], ids: owner }) };
    }
    const become = [
        `--reuid=${owner.uid}`,
        `--regid=${owner.gid}`,
        '--clear-groups',
        `--inh-caps=${capability}`,
        `--ambient-caps=${capability}`,
        '--',
    ];
    return { owner, command: (program, args) => ({ file: setpriv, args: [...become, program, ...args], ids: {} }) };
}

/**
 * Whom the server of a cluster runs as: this user; or, for root, the owner of the existing data folder, else an
 * unprivileged user of the system.
 *
 * @throws UsageError when the data belongs to somebody else, or root finds nobody to lend it to
 */
export async function serverAccount(dataFolder: string, uid = process.getuid?.() ?? 0): Promise<Account> {
    const found = await stat(dataFolder).catch(() => undefined);
    if (uid !== 0) {
        if (found !== undefined && found.uid !== uid) {
            throw new UsageError(
                `The PostgreSQL data in ${dataFolder} belongs to user id ${found.uid}, this is user id ${uid}. ` +
                    'Run the command as that user (or as root if root made it), or give the URL of a server with --postgres.',
            );
        }
        return { owner: undefined, command: (program, args) => ({ file: program, args: [...args], ids: {} }) };
    }
    if (found !== undefined && found.uid !== 0) return accountForRoot({ uid: found.uid, gid: found.gid });
    return accountForRoot(unprivilegedUser(await readFile('/etc/passwd', 'utf8')));
}
