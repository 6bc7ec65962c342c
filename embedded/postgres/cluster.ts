import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { coerceError, TransientError, UsageError } from '#core/errors.ts';
import type { Account } from './account.ts';
import { type PostgresBinaries, programEnvironment } from './binaries.ts';
import { ownerIsAlive, uniqueName } from './presence.ts';

/** The paths of one cluster. */
export interface Cluster {
    /** PGDATA. */
    readonly data: string;
    readonly passwordFile: string;
    /** Where the port is remembered between starts. */
    readonly portFile: string;
}

/** Name of the database and of its owner, who is no superuser. */
export const DATABASE = 'cartlake';

/** A server for one folder: no replication, so bulk loads into new tables need no write-ahead log. */
const SETTINGS = {
    wal_level: 'minimal',
    max_wal_senders: '0',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_line_prefix: '%m [%p] ',
};

const INITDB_ARGUMENTS = [
    '--username=cartlake_admin',
    '--auth=reject',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-instructions',
    ...Object.entries(SETTINGS).map(([name, value]) => `--set=${name}=${value}`),
];

/** The superuser has no password, so only single-user mode (whoever owns the files) gets in as such. */
const ACCESS_RULES = 'host all all 127.0.0.1/32 scram-sha-256\n';

/** Folders of clusters in the making start with this; the name of their process follows. */
const ASIDE = 'making-';

const execute = promisify(execFile);

function clusterAt(path: string): Cluster {
    return { data: join(path, 'data'), passwordFile: join(path, 'password'), portFile: join(path, 'port') };
}

/** The paths of the cluster in a lake's Postgres folder. */
export function clusterIn(folder: string): Cluster {
    return clusterAt(join(folder, 'cluster'));
}

/** The connection URL of a cluster's server at a port. */
export async function clusterUrl(cluster: Cluster, port: number): Promise<string> {
    const password = await readFile(cluster.passwordFile, 'utf8').catch((error) => {
        throw new UsageError(
            `The password of the embedded PostgreSQL cannot be read (${coerceError(error).message}). Run the command ` +
                'as the user who made the lake.',
            { cause: error },
        );
    });
    return `postgres://${DATABASE}:${password.trim()}@127.0.0.1:${port}/${DATABASE}`;
}

async function attempt(account: Account, program: string, args: string[], input?: string): Promise<void> {
    const { file, args: all, ids } = account.command(program, args);
    try {
        const running = execute(file, all, { ...ids, cwd: '/', env: programEnvironment() });
        running.child.stdin?.on('error', () => undefined);
        running.child.stdin?.end(input ?? '');
        const { stderr } = await running;
        // Single-user mode goes on after an error and exits with 0.
        if (/^.*(ERROR|FATAL|PANIC): /m.test(stderr))
            throw Object.assign(new Error('it reported an error'), { stderr });
    } catch (thrown) {
        const error = coerceError(thrown) as Error & { stderr?: string; stdout?: string };
        const said = `${error.stdout ?? ''}${error.stderr || error.message}`.trim().split('\n').slice(-6).join('\n');
        if (/No space left|Disk quota/i.test(said)) {
            throw new TransientError(
                `PostgreSQL could not set up its data folder:\n${said}\nFree disk space, then try again.`,
                {
                    cause: error,
                },
            );
        }
        throw new UsageError(
            `PostgreSQL could not set up its data folder:\n${said}\n${adviceFor(said)} Or give the URL of a server with --postgres.`,
            { cause: error },
        );
    }
}

function adviceFor(said: string): string {
    if (/shared librar|Library not loaded/i.test(said)) {
        return 'Its libraries are incomplete: run "npm rebuild" without --ignore-scripts.';
    }
    if (/Permission denied/i.test(said)) {
        return 'Its user may not enter the folders above: run as a normal user, or move the lake where others may enter.';
    }
    if (/look up effective user/i.test(said)) return 'This user id has no name: add it to /etc/passwd.';
    return 'Correct what it says.';
}

async function initialise(cluster: Cluster, account: Account, binaries: PostgresBinaries): Promise<void> {
    const password = randomBytes(24).toString('base64url');
    await writeFile(cluster.passwordFile, `${password}\n`, { mode: 0o600 });
    await mkdir(cluster.data, { mode: 0o700 });
    const { owner } = account;
    if (owner) {
        await chown(cluster.data, owner.uid, owner.gid).catch((error) => {
            throw new UsageError(
                `Root cannot give ${cluster.data} to user id ${owner.uid} (${coerceError(error).message}), and PostgreSQL ` +
                    'does not run as root. Run the command as a normal user, or give the URL of a server with --postgres.',
                { cause: error },
            );
        });
    }
    await attempt(account, binaries.initdb, [`--pgdata=${cluster.data}`, ...INITDB_ARGUMENTS]);
    await writeFile(join(cluster.data, 'pg_hba.conf'), ACCESS_RULES);
    const setup = [
        `create role ${DATABASE} login createdb createrole password '${password}';`,
        `create database ${DATABASE} owner ${DATABASE};`,
        `alter database ${DATABASE} set search_path = marts, public;`,
    ];
    await attempt(account, binaries.postgres, ['--single', '-D', cluster.data, 'postgres'], `${setup.join('\n')}\n`);
}

/**
 * A program that a killed process had begun goes on for a second or two and puts files where others are removed; when
 * those that it needs are gone, it ends. In milliseconds, longer by as much each time.
 */
const STILL_AT_WORK = { maxRetries: 5, retryDelay: 100 };

/** Removes what processes left that ended while they made a cluster. Throws TransientError when it is still written to. */
async function removeAbandoned(folder: string): Promise<void> {
    for (const name of await readdir(folder)) {
        if (!name.startsWith(ASIDE) || (await ownerIsAlive(name.slice(ASIDE.length)))) continue;
        await rm(join(folder, name), { recursive: true, force: true, ...STILL_AT_WORK }).catch((error) => {
            throw new TransientError(
                `Half a PostgreSQL that an ended process left cannot be removed (${coerceError(error).message}). ` +
                    'Whatever still writes there has to end; then try again.',
                { cause: error },
            );
        });
    }
}

/**
 * Makes the cluster of a folder if it has none. It is made aside and renamed, so a crash leaves none rather than
 * half of one, and of two processes that do this at once one wins and the other takes the winner's.
 *
 * @throws TransientError when the disk is full, or when half a cluster is still written to; UsageError with initdb's last
 * lines otherwise
 */
export async function ensureCluster(folder: string, account: Account, binaries: PostgresBinaries): Promise<void> {
    const { passwordFile } = clusterIn(folder);
    if (
        await readFile(passwordFile).then(
            () => true,
            (error) => error.code !== 'ENOENT',
        )
    )
        return;
    await mkdir(folder, { recursive: true });
    await removeAbandoned(folder);
    const aside = join(folder, `${ASIDE}${await uniqueName()}`);
    try {
        await mkdir(aside, { mode: 0o711 });
        await initialise(clusterAt(aside), account, binaries);
        await rename(aside, join(folder, 'cluster')).catch((error) => {
            if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
        });
    } finally {
        await rm(aside, { recursive: true, force: true });
    }
}
