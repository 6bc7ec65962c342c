import type { S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { connectDeployment, findAccount } from '#adapters/aws/deployment.ts';
import { UsageError } from '#core/errors.ts';

const withBuckets = (...names: readonly string[]) =>
    ({ send: async () => ({ Buckets: names.map((Name) => ({ Name })) }) }) as unknown as Pick<S3Client, 'send'>;

describe('the account of a deployment', () => {
    it('stands in the name of its bucket', async () => {
        const buckets = withBuckets(
            'cartlake-dev-lake-111111111111-us-east-1',
            'cartlake-dev-lake-222222222222-eu-central-1',
            'cartlake-prod-lake-333333333333-eu-central-1',
        );

        expect(await findAccount('dev', 'eu-central-1', buckets)).toBe('222222222222');
        expect(await findAccount('prod', 'eu-central-1', buckets)).toBe('333333333333');
    });

    it('is unknown without such a bucket', async () => {
        const buckets = withBuckets('cartlake-dev-lake-111111111111-us-east-1', 'cartlake-dev-lake-mine');
        const failure = findAccount('dev', 'eu-west-1', buckets);

        await expect(failure).rejects.toThrow(UsageError);
        await expect(failure).rejects.toThrow('there is no bucket cartlake-dev-lake-<account>-eu-west-1');
    });
});

describe('a connection', () => {
    it('asks nothing until it is used, and knows where blobs are', () => {
        const deployment = connectDeployment({ stage: 'prod', account: '123456789012', region: 'cn-north-1' });

        expect(deployment.name).toBe('cartlake-prod');
        expect(deployment.uriOf('reports/a.html')).toBe(
            's3://cartlake-prod-lake-123456789012-cn-north-1/reports/a.html',
        );
        deployment.close();
    });
});
