import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { type Bucket, type IBucket, StorageClass } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { privateBucket } from '../constructs/private-bucket.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { SIZES } from '../deployment/sizes.ts';
import { namesOf } from '../names.ts';
import { QUERY_INPUTS, QUERY_RESULTS } from './query.ts';

/** What must survive everything else: landed files, the lake, access logs. */
export class StorageStack extends Stack {
    readonly landing: Bucket;
    readonly lake: Bucket;

    constructor(scope: Construct, id: string, { deployment, ...props }: StackProps & { deployment: Deployment }) {
        super(scope, id, props);
        const { buckets } = namesOf(deployment.stage);
        const { keep } = SIZES[deployment.stage];
        const end = endOf(deployment);

        const logs = privateBucket(this, 'Logs', {
            bucketName: buckets.logs,
            lifecycleRules: [{ expiration: keep.accessLogs, noncurrentVersionExpiration: Duration.days(1) }],
            end,
        });

        this.landing = privateBucket(this, 'Landing', {
            bucketName: buckets.landing,
            accessLogs: { bucket: logs as IBucket, prefix: 'landing/' },
            // Raw files and their earlier versions stay: the ledger names versions, and a replay reads them at once.
            lifecycleRules: [
                {
                    transitions: [
                        { storageClass: StorageClass.GLACIER_INSTANT_RETRIEVAL, transitionAfter: Duration.days(90) },
                    ],
                    noncurrentVersionTransitions: [
                        { storageClass: StorageClass.GLACIER_INSTANT_RETRIEVAL, transitionAfter: Duration.days(90) },
                    ],
                },
            ],
            announces: true,
            end,
        });
        this.lake = privateBucket(this, 'Lake', {
            bucketName: buckets.lake,
            accessLogs: { bucket: logs as IBucket, prefix: 'lake/' },
            // Data files are immutable; only documents are replaced, often, by compare-and-swap.
            lifecycleRules: [
                { noncurrentVersionExpiration: keep.replacedDocuments, expiredObjectDeleteMarker: true },
                { prefix: 'runs/', expiration: keep.runs },
                { prefix: QUERY_RESULTS, expiration: Duration.days(7) },
                { prefix: QUERY_INPUTS, expiration: Duration.days(7) },
            ],
            end,
        });
    }
}

/** LocalStack's community edition has no custom resources, which is what empties a bucket; its data goes with the server. */
function endOf({ target, stage }: Deployment): 'kept' | 'deleted' | 'emptied' {
    if (target === 'localstack') return 'deleted';
    return stage === 'dev' ? 'emptied' : 'kept';
}
