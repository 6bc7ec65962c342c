import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { z } from 'zod';
import { UsageError } from '#core/errors.ts';
import { ask } from '../aws/failure.ts';

/** Where a database is and how to get in; a rotation changes it. */
export interface DatabaseUrl {
    /** The connection URL; at most five minutes old. */
    current(): Promise<string>;
    /** The connection URL as the secret has it now, for when the known one was refused. */
    fresh(): Promise<string>;
}

const KEPT_MS = 5 * 60_000;

const secretSchema = z.union([
    z.object({ url: z.string().min(1) }),
    // The form in which RDS keeps its secrets.
    z.object({
        username: z.string().min(1),
        password: z.string().min(1),
        host: z.string().min(1),
        port: z.coerce.number().int().default(5432),
        dbname: z.string().min(1).default('postgres'),
        sslmode: z.enum(['disable', 'verify-full']).default('verify-full'),
    }),
]);

export function createSecretsClient(): SecretsManagerClient {
    return new SecretsManagerClient({
        maxAttempts: 5,
        requestHandler: { connectionTimeout: 5_000, socketTimeout: 30_000 },
    });
}

/** Reads a connection URL from a secret: `{url}`, or the fields RDS writes. `now` is in milliseconds. */
export function createDatabaseUrl(
    client: SecretsManagerClient,
    secretArn: string,
    now: () => number = Date.now,
): DatabaseUrl {
    let known: { url: string; at: number } | undefined;

    async function fresh(): Promise<string> {
        const at = now();
        const { SecretString } = await ask({ action: 'secretsmanager:GetSecretValue', on: secretArn }, () =>
            client.send(new GetSecretValueCommand({ SecretId: secretArn })),
        );
        known = { url: urlOf(SecretString ?? '', secretArn), at };
        return known.url;
    }

    return {
        fresh,
        current: async () => (known && now() - known.at < KEPT_MS ? known.url : fresh()),
    };
}

/** The message names fields only: what a secret holds must not reach a log. */
function urlOf(text: string, secretArn: string): string {
    const parsed = secretSchema.safeParse(jsonOf(text));
    if (!parsed.success) {
        throw new UsageError(
            `The secret ${secretArn} is not what a database needs: expected JSON with url, or with username, password, ` +
                'host, port and dbname. Write it again.',
        );
    }
    const secret = parsed.data;
    if ('url' in secret) return secret.url;
    const url = new URL('postgres://localhost');
    url.hostname = secret.host;
    url.port = String(secret.port);
    url.username = encodeURIComponent(secret.username);
    url.password = encodeURIComponent(secret.password);
    url.pathname = `/${encodeURIComponent(secret.dbname)}`;
    if (secret.sslmode !== 'disable') url.searchParams.set('sslmode', secret.sslmode);
    return url.href;
}

function jsonOf(text: string): unknown {
    try {
        return JSON.parse(text);
    } catch {
        return undefined;
    }
}
