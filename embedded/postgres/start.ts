import { setTimeout as sleep } from 'node:timers/promises';
import { acceptsConnections } from '#adapters/postgres/connection.ts';
import { TransientError, UsageError } from '#core/errors.ts';
import type { Account } from './account.ts';
import type { PostgresBinaries } from './binaries.ts';
import { type Cluster, clusterUrl } from './cluster.ts';
import { type Launch, launchServer, rememberPort } from './launch.ts';
import { discardForeignLock, findPostmaster } from './postmaster.ts';

/** Recovery after a crash counts, hence the length. */
const START_MS = 90_000;
const POLL_MS = 5;
const RETRY_MS = 100;

const LOCK_FILE = 'lock file "postmaster.pid"';
/** Ends of a start that another try gets over: somebody else was first, took the port, or is not gone yet. */
const WORTH_ANOTHER_TRY =
    /lock file "postmaster.pid"|pre-existing shared memory block|could not bind|could not create any TCP\/IP sockets/;

function failure(log: string): Error {
    const said = log.trim().split('\n').slice(-6).join('\n');
    if (/No space left|Disk quota|Cannot allocate memory/i.test(log)) {
        return new TransientError(
            `The embedded PostgreSQL did not start:\n${said}\nFree disk space or memory, then try again.`,
        );
    }
    const advice = /incompatible with server/.test(log)
        ? 'Its data is of another major version. The marts can be published again: stop it, move the folder away, and publish.'
        : 'Correct what it says, or give the URL of a server with --postgres.';
    return new UsageError(`The embedded PostgreSQL did not start:\n${said}\n${advice}`);
}

/**
 * Returns the URL of the cluster's server when it accepts connections: the one that runs, or one started now.
 * Several processes may call this at once; PostgreSQL's own lock file lets one server win.
 *
 * @throws TransientError when it takes too long; UsageError with the last lines of its log when it cannot start
 */
export async function ensureRunning(
    folder: string,
    cluster: Cluster,
    account: Account,
    binaries: PostgresBinaries,
    log: (message: string) => void,
    timeout = START_MS,
): Promise<string> {
    const deadline = Date.now() + timeout;
    let launch: Launch | undefined;
    while (Date.now() < deadline) {
        const found = await findPostmaster(cluster.data);
        if (found?.status === 'ready') {
            const url = await clusterUrl(cluster, found.port);
            if (await acceptsConnections(url)) {
                await rememberPort(cluster, found.port);
                return url;
            }
        }
        const ended = await launch?.ended();
        if (ended !== undefined) {
            launch = undefined;
            if (!WORTH_ANOTHER_TRY.test(ended)) throw failure(ended);
            await sleep(RETRY_MS);
            if (ended.includes(LOCK_FILE)) await discardForeignLock(cluster.data);
        } else if (found === undefined && launch === undefined) {
            launch = await launchServer(folder, cluster, account, binaries);
            log(`starting PostgreSQL on 127.0.0.1:${launch.port}`);
        }
        await sleep(POLL_MS);
    }
    throw new TransientError(
        `The embedded PostgreSQL was not ready within ${timeout / 1000} s; see ${folder}/server.log, then try again.`,
    );
}
