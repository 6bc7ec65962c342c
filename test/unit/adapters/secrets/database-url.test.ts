import { type SecretsManagerClient, SecretsManagerServiceException } from '@aws-sdk/client-secrets-manager';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { createDatabaseUrl } from '#adapters/secrets/database-url.ts';
import { UsageError } from '#core/errors.ts';

const ARN = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:database';
const RDS = { username: 'marts', password: 'one', host: 'db.example.org', port: 5432, dbname: 'cartlake' };

function secret(...values: readonly (object | string | Error)[]) {
    const left = [...values];
    let asked = 0;
    const client = {
        async send() {
            asked++;
            const value = left.length > 1 ? left.shift() : left[0];
            if (value instanceof Error) throw value;
            return { SecretString: typeof value === 'string' ? value : JSON.stringify(value) };
        },
    } as unknown as SecretsManagerClient;
    return { client, asked: () => asked };
}

describe('the URL of a database', () => {
    it('is what the secret says', async () => {
        const { client } = secret({ url: 'postgres://u:p@127.0.0.1:5433/db' });

        expect(await createDatabaseUrl(client, ARN).current()).toBe('postgres://u:p@127.0.0.1:5433/db');
    });

    it('is made of the fields RDS writes, whatever a password holds', async () => {
        const password = `a:b@c/d?e#f%20 'ü"`;
        const { client } = secret({ ...RDS, password, engine: 'postgres', dbInstanceIdentifier: 'x' });
        const url = await createDatabaseUrl(client, ARN).current();

        expect(new pg.Client({ connectionString: url })).toMatchObject({
            user: 'marts',
            password,
            host: 'db.example.org',
            port: 5432,
            database: 'cartlake',
        });
        expect(new URL(url).searchParams.get('sslmode')).toBe('verify-full');
    });

    it('goes without TLS only when the secret says so', async () => {
        const { client } = secret({ ...RDS, port: '5433', sslmode: 'disable' });

        expect(await createDatabaseUrl(client, ARN).current()).toBe(
            'postgres://marts:one@db.example.org:5433/cartlake',
        );
    });

    it('is read again after five minutes, so that a rotation is followed', async () => {
        let now = 0;
        const { client, asked } = secret({ url: 'first' }, { url: 'second' });
        const database = createDatabaseUrl(client, ARN, () => now);

        expect(await database.current()).toBe('first');
        now = 299_999;
        expect(await database.current()).toBe('first');
        expect(asked()).toBe(1);
        now = 300_000;
        expect(await database.current()).toBe('second');
    });

    it('is read again when asked to, and kept from then on', async () => {
        const { client, asked } = secret({ url: 'first' }, { url: 'second' });
        const database = createDatabaseUrl(client, ARN, () => 0);
        await database.current();

        expect(await database.fresh()).toBe('second');
        expect(await database.current()).toBe('second');
        expect(asked()).toBe(2);
    });

    it.each([{}, { ...RDS, host: '' }, 'no json: hunter2', '', '[]'])(
        'cannot be made of %j, and no message holds what the secret does',
        async (value) => {
            const { client } = secret(value);
            const url = createDatabaseUrl(client, ARN).current();

            await expect(url).rejects.toThrow(UsageError);
            await expect(url).rejects.toThrow(`The secret ${ARN} is not what a database needs`);
            await expect(url).rejects.not.toThrow('hunter2');
        },
    );

    it('says which action is missing', async () => {
        const denied = new SecretsManagerServiceException({
            name: 'AccessDeniedException',
            message: 'no',
            $fault: 'client',
            $metadata: { httpStatusCode: 400 },
        });

        await expect(createDatabaseUrl(secret(denied).client, ARN).current()).rejects.toThrow(
            `Not allowed: secretsmanager:GetSecretValue on ${ARN}.`,
        );
    });
});
