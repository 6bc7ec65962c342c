import type { MachineName } from '#core/execution/executions.ts';
import { type AthenaResources, athenaGrants } from './athena-needs.ts';
import { type LakePlace, STAGE_NEEDS, type StageName } from './permissions.ts';

/** Names of what a deployment consists of; an ARN may be a token of the CDK. */
export interface DeployedResources {
    readonly landingBucketArn: string;
    readonly lakeBucketArn: string;
    readonly machines: Readonly<Record<MachineName, MachineArns>>;
    /** Undefined when nothing is published. */
    readonly databaseSecretArn: string | undefined;
    /** Undefined when DuckDB computes. */
    readonly athena?: AthenaResources | undefined;
    /** Secrets with the connections of databases that are extracted from. */
    readonly sourceSecretArns: readonly string[];
}

export interface MachineArns {
    /** `arn:<partition>:states:<region>:<account>:stateMachine:<name>` */
    readonly machine: string;
    /** `arn:<partition>:states:<region>:<account>:execution:<name>:*` */
    readonly executions: string;
}

/** One statement of a policy that allows. */
export interface Grant {
    readonly actions: readonly string[];
    readonly resources: readonly string[];
}

/**
 * The policy of a stage's role besides logs, traces, the queue and network interfaces, which the constructs that
 * make those grant themselves. Buckets with a KMS key of their own need `kms:Decrypt` and `kms:GenerateDataKey` too.
 */
export function grantsOf(stage: StageName, resources: DeployedResources): Grant[] {
    const needs = STAGE_NEEDS[stage];
    const inLake = (places: readonly LakePlace[] = []) =>
        places.map((place) => `${resources.lakeBucketArn}/${place.endsWith('.json') ? place : `${place}/*`}`);
    const machines = (names: readonly MachineName[] = [], kind: keyof MachineArns) =>
        names.map((name) => resources.machines[name][kind]);
    const { landingBucketArn } = resources;
    const secret = needs.database && resources.databaseSecretArn;
    const grants: Grant[] = [
        ...athenaGrants(stage, resources.lakeBucketArn, resources.athena),
        {
            actions: ['s3:GetObject', 's3:GetObjectVersion'],
            resources: needs.landing ? [`${landingBucketArn}/landing/*`] : [],
        },
        {
            actions: ['s3:PutObject', 's3:AbortMultipartUpload'],
            resources: needs.lands ? [`${landingBucketArn}/landing/*`] : [],
        },
        // Without ListBucket S3 answers 403 instead of 404 where there is nothing, and a condition on the prefix
        // would take that effect away.
        { actions: ['s3:ListBucket', 's3:ListBucketVersions'], resources: needs.landing ? [landingBucketArn] : [] },
        { actions: ['s3:ListBucket'], resources: [resources.lakeBucketArn] },
        { actions: ['s3:GetObject'], resources: inLake(needs.reads) },
        { actions: ['s3:PutObject', 's3:AbortMultipartUpload'], resources: inLake(needs.writes) },
        { actions: ['s3:DeleteObject'], resources: inLake(needs.removes) },
        { actions: ['states:StartExecution'], resources: machines(needs.starts, 'machine') },
        { actions: ['states:DescribeExecution'], resources: machines(needs.describes, 'executions') },
        { actions: ['secretsmanager:GetSecretValue'], resources: secret ? [secret] : [] },
        { actions: ['secretsmanager:GetSecretValue'], resources: needs.sources ? resources.sourceSecretArns : [] },
    ];
    return grants.filter((grant) => grant.resources.length > 0);
}
