import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
    BlockPublicAccess,
    Bucket,
    BucketEncryption,
    type CfnBucket,
    type IBucket,
    type LifecycleRule,
    ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

export interface PrivateBucketProps {
    readonly bucketName: string;
    /** Bucket and prefix of its access logs. @default - none: this is where logs go */
    readonly accessLogs?: { readonly bucket: IBucket; readonly prefix: string };
    readonly lifecycleRules: LifecycleRule[];
    /** Tells EventBridge of every change. @default false */
    readonly announces?: boolean;
    /** What happens to it when its stack goes: `emptied` also deletes what is in it. @default 'kept' */
    readonly end?: 'kept' | 'deleted' | 'emptied';
}

/** A bucket that is versioned, encrypted, reachable by TLS only and by nobody outside. */
export function privateBucket(scope: Construct, id: string, props: PrivateBucketProps): Bucket {
    const { accessLogs, end = 'kept' } = props;
    const bucket = new Bucket(scope, id, {
        bucketName: props.bucketName,
        versioned: true,
        encryption: BucketEncryption.S3_MANAGED,
        enforceSSL: true,
        minimumTLSVersion: 1.2,
        blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
        objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
        lifecycleRules: [{ abortIncompleteMultipartUploadAfter: Duration.days(7) }, ...props.lifecycleRules],
        removalPolicy: end === 'kept' ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
        autoDeleteObjects: end === 'emptied',
        ...(accessLogs && {
            serverAccessLogsBucket: accessLogs.bucket,
            serverAccessLogsPrefix: accessLogs.prefix,
        }),
    });
    if (props.announces) {
        // The L2 property sets this through a custom resource in Python; the template itself can say it.
        const resource = bucket.node.defaultChild as CfnBucket;
        resource.notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
    }
    return bucket;
}
