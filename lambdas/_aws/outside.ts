import { createS3Client } from '#adapters/s3/client.ts';
import type { Executions, MachineName } from '#core/execution/executions.ts';
import type { SourceReaders } from '#core/extract/ports.ts';
import type { MartPublisher } from '#core/publish/publisher.ts';

/** What a function reaches over the network. Loaded only where a stage needs it: loading takes time at each cold start. */
export interface Outside {
    s3(): ReturnType<typeof createS3Client>;
    executions(machines: Readonly<Record<MachineName, string>>): Promise<Executions>;
    publisher(secretArn: string): Promise<MartPublisher>;
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
        async sources(secretPrefix) {
            const { createDatabaseUrl, createSecretsClient } = await import('#adapters/secrets/database-url.ts');
            const { createSourceReaders } = await import('./sources.ts');
            const client = watch(createSecretsClient());
            const urlIn = (secret: string) => createDatabaseUrl(client, secret);
            return createSourceReaders({ environment: process.env, secretPrefix, urlIn });
        },
    };
}
