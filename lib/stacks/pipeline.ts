import { Duration, SecretValue, Stack, type StackProps } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc } from 'aws-cdk-lib/aws-ec2';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as Invoke } from 'aws-cdk-lib/aws-events-targets';
import type { Code, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { ATHENA_NEEDS } from '#lambdas/_aws/athena-needs.ts';
import type { VariableName } from '#lambdas/_aws/environment.ts';
import type { DeployedResources } from '#lambdas/_aws/grants.ts';
import { STAGE_NAMES, STAGE_NEEDS, type StageName } from '#lambdas/_aws/permissions.ts';
import { arnOfBucket, arnOfSecret, arnsOfAthena, arnsOfMachine, policyArnOfSecret } from '../arns.ts';
import { stageCode } from '../code/bundle.ts';
import { Arrivals } from '../constructs/arrivals.ts';
import { Extracts } from '../constructs/extracts.ts';
import { Machine } from '../constructs/machine.ts';
import { stageFunction } from '../constructs/stage-function.ts';
import { STAGES_WITH_DUCKDB, STAGES_WITHOUT_DUCKDB } from '../constructs/stage-load.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { Monitoring } from '../monitoring/monitoring.ts';
import { acknowledge } from '../nag/acknowledge.ts';
import { namesOf } from '../names.ts';

export interface PipelineStackProps extends StackProps {
    readonly deployment: Deployment;
    /** Where an instance of its own is. @default - the database is reached without */
    readonly network?: { readonly vpc: IVpc; readonly clients: ISecurityGroup };
}

/** Everything that holds no data: functions, machines, the way of files to them, alarms. */
export class PipelineStack extends Stack {
    constructor(scope: Construct, id: string, { deployment, network, ...props }: PipelineStackProps) {
        super(scope, id, props);
        const names = namesOf(deployment.stage);
        const resources: DeployedResources = {
            landingBucketArn: arnOfBucket(names.buckets.landing),
            lakeBucketArn: arnOfBucket(names.buckets.lake),
            machines: {
                ingest: arnsOfMachine(names.machines.ingest),
                build: arnsOfMachine(names.machines.build),
                replay: arnsOfMachine(names.machines.replay),
            },
            databaseSecretArn: policyArnOfSecret(names.databaseSecret),
            athena: deployment.engine === 'athena' ? arnsOfAthena(deployment.stage) : undefined,
            sourceSecretArns: deployment.sources.map((server) => policyArnOfSecret(names.sourceSecrets + server)),
        };
        if (deployment.databaseUrl !== undefined) {
            this.secretOf('DatabaseSecret', deployment.databaseUrl, names.databaseSecret);
        }

        for (const server of deployment.sourceUrl === undefined ? [] : deployment.sources) {
            this.secretOf(`Source-${server}`, deployment.sourceUrl as string, names.sourceSecrets + server);
        }

        const code: Record<'withDuckdb' | 'plain', Code> = {
            withDuckdb: stageCode(STAGES_WITH_DUCKDB, deployment),
            plain: stageCode(STAGES_WITHOUT_DUCKDB),
        };
        const scopeOfFunctions = new Construct(this, 'Functions');
        const functions = new Map<StageName, LambdaFunction>();
        for (const stage of STAGE_NAMES) {
            const { duckdb, database } = STAGE_NEEDS[stage];
            functions.set(
                stage,
                stageFunction(scopeOfFunctions, stage, {
                    deployment,
                    resources,
                    code: duckdb ? code.withDuckdb : code.plain,
                    environment: this.environmentOf(stage, deployment, resources),
                    ...(database && network && { network }),
                }),
            );
        }
        new Machine(this, 'ingest', { stage: deployment.stage, functions });
        new Machine(this, 'build', { stage: deployment.stage, functions });
        new Machine(this, 'replay', { stage: deployment.stage, functions });
        new Arrivals(this, 'Arrivals', { stage: deployment.stage, admit: functions.get('admit') as LambdaFunction });
        this.sweepEvery(Duration.minutes(5), functions.get('sweep') as LambdaFunction, names.sweepSchedule);
        new Extracts(this, 'Extracts', { deployment, extract: functions.get('extract') as LambdaFunction });
        const logGroups = new Map([...functions].map(([stage, { logGroup }]) => [stage, logGroup]));
        new Monitoring(this, 'Monitoring', { deployment, logGroups });
    }

    private environmentOf(
        stage: StageName,
        { stage: of, engine, database, sources }: Deployment,
        resources: DeployedResources,
    ) {
        const names = namesOf(of);
        const environment: Partial<Record<VariableName, string>> & Record<string, string> = {
            CARTLAKE_LANDING_BUCKET: names.buckets.landing,
            CARTLAKE_LAKE_BUCKET: names.buckets.lake,
            CARTLAKE_INGEST_MACHINE_ARN: resources.machines.ingest.machine,
            CARTLAKE_BUILD_MACHINE_ARN: resources.machines.build.machine,
            CARTLAKE_REPLAY_MACHINE_ARN: resources.machines.replay.machine,
            CARTLAKE_ENGINE: engine,
        };
        if (STAGE_NEEDS[stage].database) {
            environment.CARTLAKE_DATABASE_SECRET_ARN = arnOfSecret(names.databaseSecret);
            // Certificates of RDS come with Lambda, but Node.js reads them only when it is told to.
            if (database === 'rds') environment.NODE_EXTRA_CA_CERTS = '/var/runtime/ca-cert.pem';
        }
        if (STAGE_NEEDS[stage].sources && sources.length > 0) environment.CARTLAKE_SOURCE_SECRETS = names.sourceSecrets;
        if (engine === 'athena' && ATHENA_NEEDS[stage]) {
            environment.CARTLAKE_WORKGROUP = names.workgroup;
            environment.CARTLAKE_GLUE_DATABASE = names.glueDatabase;
            environment.CARTLAKE_WORK_DATABASE = names.workDatabase;
        }
        return environment;
    }

    private secretOf(id: string, url: string, secretName: string): void {
        const secret = new Secret(this, id, {
            secretName,
            description: 'Cartlake: the URL of a database',
            secretStringValue: SecretValue.unsafePlainText(JSON.stringify({ url })),
        });
        acknowledge(secret, 'AwsSolutions-SMG4', 'oneRotationOnly');
    }

    private sweepEvery(interval: Duration, sweep: LambdaFunction, ruleName: string): void {
        // The next sweep is the retry.
        sweep.configureAsyncInvoke({ retryAttempts: 0 });
        new Rule(this, 'SweepSchedule', {
            ruleName,
            description: 'Cartlake: restarts what got stuck',
            schedule: Schedule.rate(interval),
            targets: [new Invoke(sweep, { retryAttempts: 0 })],
        });
    }
}
