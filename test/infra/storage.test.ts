import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { LOCAL_URL, resourcesOf, templateOf } from './synthesised.ts';

const prod = templateOf({ stage: 'prod' }, 'storage');
const dev = templateOf({ stage: 'dev' }, 'storage');

describe('buckets', () => {
    it('are three: landing, lake and logs, each versioned, encrypted and closed to the public', () => {
        prod.resourceCountIs('AWS::S3::Bucket', 3);
        prod.allResourcesProperties('AWS::S3::Bucket', {
            VersioningConfiguration: { Status: 'Enabled' },
            BucketEncryption: {
                ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
            },
            PublicAccessBlockConfiguration: {
                BlockPublicAcls: true,
                BlockPublicPolicy: true,
                IgnorePublicAcls: true,
                RestrictPublicBuckets: true,
            },
            OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
        });
    });

    it('refuse requests without TLS 1.2', () => {
        prod.resourceCountIs('AWS::S3::BucketPolicy', 3);
        for (const condition of [
            { Bool: { 'aws:SecureTransport': 'false' } },
            { NumericLessThan: { 's3:TlsVersion': 1.2 } },
        ]) {
            prod.allResourcesProperties('AWS::S3::BucketPolicy', {
                PolicyDocument: {
                    Statement: Match.arrayWith([
                        Match.objectLike({ Effect: 'Deny', Action: 's3:*', Condition: condition }),
                    ]),
                },
            });
        }
    });

    it('log accesses to landing and lake', () => {
        const prefixes = resourcesOf(prod, 'AWS::S3::Bucket').map(
            ([, { Properties }]) => Properties.LoggingConfiguration?.LogFilePrefix,
        );

        expect(prefixes.toSorted()).toEqual(['lake/', 'landing/', undefined]);
    });

    it('tell EventBridge of landed files without a custom resource', () => {
        const announcing = resourcesOf(prod, 'AWS::S3::Bucket').filter(
            ([, { Properties }]) => Properties.NotificationConfiguration?.EventBridgeConfiguration.EventBridgeEnabled,
        );

        expect(announcing.map(([id]) => id)).toEqual([expect.stringMatching(/^Landing/)]);
        prod.resourceCountIs('Custom::S3BucketNotifications', 0);
    });

    it('never expire a version of a landed file, because the ledger names versions', () => {
        const [[, landing] = []] = resourcesOf(prod, 'AWS::S3::Bucket').filter(([id]) => id.startsWith('Landing'));

        expect(JSON.stringify(landing?.Properties.LifecycleConfiguration)).not.toMatch(/Expiration/);
    });

    it('expire what a lake only needs for a while', () => {
        prod.hasResourceProperties('AWS::S3::Bucket', {
            LifecycleConfiguration: {
                Rules: Match.arrayWith([
                    Match.objectLike({ NoncurrentVersionExpiration: { NoncurrentDays: 30 } }),
                    Match.objectLike({ Prefix: 'runs/', ExpirationInDays: 180 }),
                    Match.objectLike({ Prefix: 'query-results/', ExpirationInDays: 7 }),
                ]),
            },
        });
    });
});

describe('what happens to buckets when their stack goes', () => {
    it('keeps them in production', () => {
        prod.allResources('AWS::S3::Bucket', { DeletionPolicy: 'Retain' });
        prod.resourceCountIs('Custom::S3AutoDeleteObjects', 0);
    });

    it('empties and deletes them in dev', () => {
        dev.allResources('AWS::S3::Bucket', { DeletionPolicy: 'Delete' });
        dev.resourceCountIs('Custom::S3AutoDeleteObjects', 3);
    });

    it('deletes them on LocalStack without a custom resource, which it has not', () => {
        const local = templateOf({ target: 'localstack', stage: 'prod', databaseUrl: LOCAL_URL }, 'storage');

        local.allResources('AWS::S3::Bucket', { DeletionPolicy: 'Delete' });
        local.resourceCountIs('Custom::S3AutoDeleteObjects', 0);
    });
});
