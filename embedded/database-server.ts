import { join } from 'node:path';
import type { MartPublisher } from '#core/publish/publisher.ts';
import type { PostgresServer, ServerLease } from './postgres/server.ts';

/** Where published tables live: the lake's own PostgreSQL, or one named by URL. */
export interface DatabaseServer {
    /** The connection URL; starts the lake's server when it is not running, also when it died in between. */
    url(): Promise<string>;
    readonly publisher: MartPublisher;
    /** Undefined when the database is somebody else's. */
    readonly own: PostgresServer | undefined;
    /** Gives the server back; the last user of a lake stops it. */
    close(): Promise<void>;
}

export async function createDatabaseServer(lake: string, external: string | undefined): Promise<DatabaseServer> {
    const own = external === undefined ? await serverOf(lake) : undefined;
    let lease: Promise<ServerLease> | undefined;

    function acquire(server: PostgresServer): Promise<ServerLease> {
        const made = server.acquire();
        lease = made;
        made.catch(() => {
            if (lease === made) lease = undefined;
        });
        return made;
    }

    async function url(): Promise<string> {
        if (!own) return external as string;
        const held = lease;
        if (held === undefined) return (await acquire(own)).url;
        const before = await held;
        if ((await own.status()).running) return before.url;
        // Whoever asks meanwhile waits for the same start.
        const after = await (lease === held || lease === undefined ? acquire(own) : lease);
        await before.release();
        return after.url;
    }

    async function publisher(): Promise<MartPublisher> {
        // Loaded on first use: most commands publish nothing.
        const { createPostgresPublisher } = await import('#adapters/postgres/publish.ts');
        return createPostgresPublisher(await url());
    }

    return {
        url,
        own,
        publisher: {
            connected: async (work) => (await publisher()).connected(work),
            publish: async (run) => (await publisher()).publish(run),
            currentVersions: async () => (await publisher()).currentVersions(),
        },
        async close() {
            await lease?.then((held) => held.release()).catch(() => undefined);
            lease = undefined;
        },
    };
}

/** Whoever brings a database of their own needs nothing of a server. */
async function serverOf(lake: string): Promise<PostgresServer> {
    const { createPostgresServer } = await import('./postgres/server.ts');
    return createPostgresServer({ folder: join(lake, 'postgres') });
}
