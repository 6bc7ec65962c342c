import { Aws } from 'aws-cdk-lib';
import type { AthenaResources, GlueArns } from '#lambdas/_aws/athena-needs.ts';
import type { MachineArns } from '#lambdas/_aws/grants.ts';
import type { DeploymentStage } from './deployment/deployment.ts';
import { namesOf } from './names.ts';

const here = (service: string) => `arn:${Aws.PARTITION}:${service}:${Aws.REGION}:${Aws.ACCOUNT_ID}`;

/** A machine's ARN from its name: functions start machines that call these functions, so neither can wait for the other. */
export function arnsOfMachine(name: string): MachineArns {
    return { machine: `${here('states')}:stateMachine:${name}`, executions: `${here('states')}:execution:${name}:*` };
}

export function arnOfBucket(name: string): string {
    return `arn:${Aws.PARTITION}:s3:::${name}`;
}

/** All alarms of a stage. */
export function arnOfAlarms(stage: DeploymentStage): string {
    return `${here('cloudwatch')}:alarm:${namesOf(stage).alarm('*')}`;
}

/** Names a secret to whoever reads it. */
export function arnOfSecret(name: string): string {
    return `${here('secretsmanager')}:secret:${name}`;
}

/** Names a secret in a policy, which sees the six random characters that Secrets Manager appends. */
export function policyArnOfSecret(name: string): string {
    return `${arnOfSecret(name)}-??????`;
}

/** What functions reach of Athena and Glue. */
export function arnsOfAthena(stage: DeploymentStage): AthenaResources {
    const { workgroup, glueDatabase, workDatabase } = namesOf(stage);
    const glue = here('glue');
    const arnsOf = (name: string): GlueArns => ({
        database: `${glue}:database/${name}`,
        tables: `${glue}:table/${name}/*`,
    });
    return {
        workgroupArn: `${here('athena')}:workgroup/${workgroup}`,
        catalogArn: `${glue}:catalog`,
        defaultDatabaseArn: `${glue}:database/default`,
        tables: arnsOf(glueDatabase),
        workTables: arnsOf(workDatabase),
    };
}
