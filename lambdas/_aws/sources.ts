import { createSourceReader } from '#adapters/postgres/extract/reader.ts';
import type { DatabaseUrl } from '#adapters/secrets/database-url.ts';
import { sourceVariable } from '#core/contracts/source.ts';
import { UsageError } from '#core/errors.ts';
import type { SourceReader, SourceReaders } from '#core/extract/ports.ts';

/** Where URLs of sources come from. */
export interface SourceUrls {
    readonly environment: Readonly<Record<string, string | undefined>>;
    /** What the names of secrets begin with: `cartlake/prod/sources/`. */
    readonly secretPrefix: string | undefined;
    /** The URL in a secret, by its name. */
    urlIn(secret: string): DatabaseUrl;
}

/**
 * Readers of databases by the names of their servers: a variable of the environment wins over a secret. When a
 * database refuses what the secret said, the secret is read again, and if it says something else now, that is tried.
 */
export function createSourceReaders(
    { environment, secretPrefix, urlIn }: SourceUrls,
    connect: (url: string) => SourceReader = createSourceReader,
): SourceReaders {
    return {
        of(server) {
            const variable = sourceVariable(server);
            const url = environment[variable];
            if (url !== undefined && url !== '') return connect(url);
            if (secretPrefix === undefined) {
                throw new UsageError(
                    `Where is the database ${server}? Set ${variable}, or deploy with -c sources=${server} and write its URL into the secret.`,
                );
            }
            return rotating(urlIn(`${secretPrefix}${server}`), connect);
        },
    };
}

function rotating(url: DatabaseUrl, connect: (url: string) => SourceReader): SourceReader {
    return {
        async read(request) {
            const known = await url.current();
            try {
                return await connect(known).read(request);
            } catch (error) {
                if (!(error instanceof UsageError)) throw error;
                const fresh = await url.fresh();
                if (fresh === known) throw error;
                return connect(fresh).read(request);
            }
        },
    };
}
