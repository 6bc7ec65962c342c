import { join } from 'node:path';
import { createPostgresPublisher } from '#adapters/postgres/publish.ts';
import type { MartPublisher } from '#core/publish/publisher.ts';
import { createPostgresServer, type PostgresServer, type ServerLease } from './postgres/server.ts';

/** Where published tables live: the lake's own PostgreSQL, or one named by URL. */
export interface DatabaseServer {
    /** The connection URL; starts the lake's server when it is not running. */
    url(): Promise<string>;
    readonly publisher: MartPublisher;
    /** Undefined when the database is somebody else's. */
    readonly own: PostgresServer | undefined;
    /** Gives the server back; the last user of a lake stops it. */
    close(): Promise<void>;
}

export function createDatabaseServer(lake: string, external: string | undefined): DatabaseServer {
    const own = external === undefined ? createPostgresServer({ folder: join(lake, 'postgres') }) : undefined;
    let lease: Promise<ServerLease> | undefined;

    async function url(): Promise<string> {
        if (!own) return external as string;
        lease ??= own.acquire().catch((error: unknown) => {
            lease = undefined;
            throw error;
        });
        return (await lease).url;
    }

    return {
        url,
        own,
        publisher: {
            publish: async (run) => createPostgresPublisher(await url()).publish(run),
            currentVersions: async () => createPostgresPublisher(await url()).currentVersions(),
        },
        async close() {
            await lease?.then((held) => held.release()).catch(() => undefined);
            lease = undefined;
        },
    };
}
