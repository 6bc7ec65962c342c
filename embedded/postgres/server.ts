import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { serverAccount } from './account.ts';
import { findBinaries } from './binaries.ts';
import { clusterIn, clusterUrl, ensureCluster } from './cluster.ts';
import { findPostmaster, STOP_PATIENCE, stopPostmaster } from './postmaster.ts';
import { enter, type Presence, present, untilEmpty } from './presence.ts';

/** The right to use the server; it runs at least until `release`. */
export interface ServerLease {
    /** `postgres://cartlake:<password>@127.0.0.1:<port>/cartlake`, good for psql and any client. */
    readonly url: string;
    /** Gives it back; the last of all processes that does stops the server. A second call does nothing. */
    release(): Promise<void>;
}

/** Whether the server runs, and where. */
export interface ServerStatus {
    readonly running: boolean;
    readonly pid?: number;
    readonly port?: number;
    readonly url?: string;
}

/** The PostgreSQL server of one folder, shared by all processes that use the folder. */
export interface PostgresServer {
    /**
     * Starts the server if it does not run (making its data folder the first time) and waits until it accepts
     * connections.
     *
     * @throws UsageError when it cannot run here, saying what to do; TransientError when the disk is full
     */
    acquire(): Promise<ServerLease>;
    status(): Promise<ServerStatus>;
    /** Leaves the server running after the last release, until `stop`. */
    keep(): Promise<void>;
    /** Stops the server now, whoever uses it, and takes `keep` back. */
    stop(): Promise<void>;
}

const STOPPING_MS = STOP_PATIENCE.fast + STOP_PATIENCE.immediate + 10_000;

/**
 * The server of a folder, for example `createPostgresServer({ folder: join(lake, 'postgres') })`. Nothing
 * happens before a method is called.
 *
 * Why no stop can hit a starting user: a user goes on record in `users/` before it looks for stoppers, a stopper
 * goes on record in `stopping/` before it looks for users. Whichever comes second sees the other: a stopper that
 * sees a user gives up, a user that sees a stopper waits until it is gone and then starts the server again.
 */
export function createPostgresServer(options: {
    readonly folder: string;
    readonly log?: (message: string) => void;
}): PostgresServer {
    const folder = resolve(options.folder);
    const log = options.log ?? (() => undefined);
    const cluster = clusterIn(folder);
    const users = join(folder, 'users');
    const stoppers = join(folder, 'stopping');
    const keepFile = join(folder, 'keep');

    async function whileStopping(action: () => Promise<void>): Promise<void> {
        const stopper = await enter(stoppers);
        try {
            await action();
        } finally {
            await stopper.leave();
        }
    }

    async function leave(user: Presence): Promise<void> {
        await user.leave();
        await whileStopping(async () => {
            const kept = await stat(keepFile).then(
                () => true,
                () => false,
            );
            if (kept || (await present(users)).alive.length > 0) return;
            await stopPostmaster(cluster.data);
            log('stopped PostgreSQL');
        });
    }

    async function acquire(): Promise<ServerLease> {
        // Loaded with the client of PostgreSQL, which commands that start no server do without.
        const { ensureRunning } = await import('./start.ts');
        const account = await serverAccount(cluster.data);
        const binaries = await findBinaries();
        await ensureCluster(folder, account, binaries);
        const user = await enter(users);
        try {
            await untilEmpty(stoppers, STOPPING_MS);
            const url = await ensureRunning(folder, cluster, account, binaries, log);
            let released: Promise<void> | undefined;
            return {
                url,
                release: () => {
                    released ??= leave(user);
                    return released;
                },
            };
        } catch (error) {
            // Not a user's leftover only: a server that starts too slowly would stay without a user.
            await leave(user).catch(() => undefined);
            throw error;
        }
    }

    async function status(): Promise<ServerStatus> {
        const found = await findPostmaster(cluster.data);
        if (found?.status !== 'ready') return { running: false };
        return { running: true, pid: found.pid, port: found.port, url: await clusterUrl(cluster, found.port) };
    }

    async function keep(): Promise<void> {
        await mkdir(folder, { recursive: true });
        await writeFile(keepFile, '');
    }

    async function stop(): Promise<void> {
        await rm(keepFile, { force: true });
        if ((await findPostmaster(cluster.data)) !== undefined) {
            await whileStopping(() => stopPostmaster(cluster.data));
        }
    }

    return {
        acquire,
        status,
        keep,
        stop,
    };
}
