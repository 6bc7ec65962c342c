import { createPostgresPublisher } from '#adapters/postgres/publish.ts';
import type { DatabaseUrl } from '#adapters/secrets/database-url.ts';
import { UsageError } from '#core/errors.ts';
import type { MartPublisher } from '#core/publish/publisher.ts';

/**
 * A publisher whose credentials rotate: when the database refuses what is known, the secret is read again, and if it
 * says something else now, that is tried once.
 */
export function createRotatingPublisher(
    url: DatabaseUrl,
    connect: (url: string) => MartPublisher = createPostgresPublisher,
): MartPublisher {
    async function connected<T>(work: (publisher: MartPublisher) => Promise<T>): Promise<T> {
        const known = await url.current();
        try {
            return await work(connect(known));
        } catch (error) {
            // A server that refuses the credentials does so before any row was read.
            if (!(error instanceof UsageError)) throw error;
            const fresh = await url.fresh();
            if (fresh === known) throw error;
            return work(connect(fresh));
        }
    }
    return {
        connected: (work) => connected((publisher) => publisher.connected(work)),
        publish: (run) => connected((publisher) => publisher.publish(run)),
        currentVersions: () => connected((publisher) => publisher.currentVersions()),
    };
}
