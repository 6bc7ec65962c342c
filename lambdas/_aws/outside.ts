import { createS3Client } from '#adapters/s3/client.ts';
import type { TableEngine } from '#core/build/ports.ts';
import type { CatalogMirror } from '#core/catalog/mirror.ts';
import type { Executions, MachineName } from '#core/execution/executions.ts';
import type { SourceReaders } from '#core/extract/ports.ts';
import type { MartPublisher } from '#core/publish/publisher.ts';
import type { BlobStore } from '#core/store/ports.ts';
import type { AthenaPlace } from './athena-place.ts';
import type { LocalEngines } from './duckdb.ts';

/** What a function reaches over the network. Loaded only where a stage needs it: loading takes time at each cold start. */
export interface Outside {
    s3(): ReturnType<typeof createS3Client>;
    executions(machines: Readonly<Record<MachineName, string>>): Promise<Executions>;
    publisher(secretArn: string): Promise<MartPublisher>;
    /** Athena as the engine, with DuckDB for what it cannot do. */
    remoteEngine(place: AthenaPlace, blobs: BlobStore, local: LocalEngines): Promise<TableEngine>;
    /** Glue's copy of the catalog. */
    mirror(place: AthenaPlace, blobs: BlobStore): Promise<CatalogMirror>;
    /** Databases to extract from; `secretPrefix` is what the names of their secrets begin with. */
    sources(secretPrefix: string | undefined): Promise<SourceReaders>;
}

/** The services themselves; `watch` sees each client before it is used. */
export function awsServices(watch: <Client>(client: Client) => Client = (client) => client): Outside {
    return {
        s3: () => watch(createS3Client()),
        async executions(machines) {
            const { createSfnClient } = await import('#adapters/stepfunctions/client.ts');
            const { createSfnExecutions } = await import('#adapters/stepfunctions/executions.ts');
            return createSfnExecutions(watch(createSfnClient()), machines);
        },
        async publisher(secretArn) {
            const { createDatabaseUrl, createSecretsClient } = await import('#adapters/secrets/database-url.ts');
            const { createRotatingPublisher } = await import('./publisher.ts');
            return createRotatingPublisher(createDatabaseUrl(watch(createSecretsClient()), secretArn));
        },
        async remoteEngine(place, blobs, local) {
            const { createRemoteEngine } = await import('./athena.ts');
            return createRemoteEngine(place, blobs, local, watch);
        },
        async mirror(place, blobs) {
            const { createGlueClient } = await import('#adapters/glue/client.ts');
            const { createGlueMirror } = await import('#adapters/glue/mirror.ts');
            return createGlueMirror(watch(createGlueClient()), blobs, place);
        },
        async sources(secretPrefix) {
            const { createDatabaseUrl, createSecretsClient } = await import('#adapters/secrets/database-url.ts');
            const { createSourceReaders } = await import('./sources.ts');
            const client = watch(createSecretsClient());
            const urlIn = (secret: string) => createDatabaseUrl(client, secret);
            return createSourceReaders({ environment: process.env, secretPrefix, urlIn });
        },
    };
}
