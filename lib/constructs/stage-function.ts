import { Duration, RemovalPolicy, Size } from 'aws-cdk-lib';
import { type ISecurityGroup, type IVpc, SubnetType } from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, type Code, Function as LambdaFunction, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { type DeployedResources, grantsOf } from '#lambdas/_aws/grants.ts';
import type { StageName } from '#lambdas/_aws/permissions.ts';
import { handlerOfStage } from '../code/bundle.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { SIZES } from '../deployment/sizes.ts';
import { acknowledgeWildcards } from '../nag/acknowledge.ts';
import type { ReasonName } from '../nag/reasons.ts';
import { namesOf } from '../names.ts';
import { retentionOf } from './retention.ts';
import { loadOf } from './stage-load.ts';

export interface StageFunctionProps {
    readonly deployment: Deployment;
    readonly code: Code;
    readonly environment: Record<string, string>;
    /** What the grants of the stage are about. */
    readonly resources: DeployedResources;
    /** Where its database is. @default - outside of any network */
    readonly network?: { readonly vpc: IVpc; readonly clients: ISecurityGroup };
}

/** One stage as a function, with a role that may do what the stage's needs name and nothing else. */
export function stageFunction(scope: Construct, stage: StageName, props: StageFunctionProps): LambdaFunction {
    const { deployment, network } = props;
    const { functions } = namesOf(deployment.stage);
    const { memory, disk, keep } = SIZES[deployment.stage];
    const load = loadOf(stage);
    const id = `${stage[0]?.toUpperCase()}${stage.slice(1)}`;
    const logGroup = new LogGroup(scope, `${id}Logs`, {
        logGroupName: `/aws/lambda/${functions(stage)}`,
        retention: retentionOf(keep.functionLogs),
        removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(scope, `${id}Role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    const allow = (actions: readonly string[], resources: readonly string[], wildcards?: ReasonName) => {
        const statement = new PolicyStatement({ actions: [...actions], resources: [...resources] });
        role.addToPolicy(statement);
        if (wildcards) acknowledgeWildcards(role, statement, wildcards);
    };
    allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn]);
    allow(['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], ['*'], 'tracing');
    for (const { actions, resources } of grantsOf(stage, props.resources)) {
        allow(actions, resources, WILDCARDS[actions[0]?.split(':')[0] ?? ''] ?? 'executionsOfMachine');
    }
    if (network) allow(NETWORK_INTERFACES, ['*'], 'networkInterfaces');

    const lambda = new LambdaFunction(scope, id, {
        functionName: functions(stage),
        description: `Cartlake: ${stage}`,
        runtime: Runtime.NODEJS_24_X,
        architecture: deployment.architecture === 'arm64' ? Architecture.ARM_64 : Architecture.X86_64,
        code: props.code,
        handler: handlerOfStage(stage),
        role,
        logGroup,
        tracing: Tracing.ACTIVE,
        memorySize: memory[load],
        ...(load !== 'documents' && { ephemeralStorageSize: Size.mebibytes(disk[load]) }),
        timeout: TIMEOUT[load],
        environment: props.environment,
        ...(network && {
            vpc: network.vpc,
            vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
            securityGroups: [network.clients],
        }),
    });
    // A function that starts before its policy is attached fails, and Lambda reads the role when it is made.
    lambda.node.addDependency(role);
    return lambda;
}

/** Why the resources of a service's actions end with a wildcard. */
const WILDCARDS: Readonly<Record<string, ReasonName>> = { s3: 'objectsBelowPrefix', glue: 'tablesOfDatabase' };

const TIMEOUT = {
    documents: Duration.minutes(5),
    files: Duration.minutes(15),
    tables: Duration.minutes(15),
} as const;

/** What Lambda needs to put a function into a network. */
const NETWORK_INTERFACES = [
    'ec2:CreateNetworkInterface',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSubnets',
    'ec2:DeleteNetworkInterface',
    'ec2:AssignPrivateIpAddresses',
    'ec2:UnassignPrivateIpAddresses',
];
