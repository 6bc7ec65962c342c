import { Aws } from 'aws-cdk-lib';
import type { MachineName } from '#core/execution/executions.ts';
import type { StageName } from '#lambdas/_aws/permissions.ts';
import type { DeploymentStage } from './deployment/deployment.ts';

/**
 * Every name of a deployment, from its stage alone. Whoever knows the stage finds everything: stacks refer to each
 * other by these names, runbooks can print them, and a role can be written before the thing it is for exists.
 */
export interface Names {
    readonly stacks: Readonly<Record<'storage' | 'database' | 'query' | 'pipeline', string>>;
    readonly buckets: Readonly<Record<'landing' | 'lake' | 'logs', string>>;
    readonly functions: (stage: StageName) => string;
    readonly machines: Readonly<Record<MachineName, string>>;
    readonly queues: Readonly<Record<'arrivals' | 'deadLetters', string>>;
    readonly topic: string;
    readonly alarm: (name: string) => string;
    readonly dashboard: string;
    /** Secret with the connection of the database that is published to. */
    readonly databaseSecret: string;
    /** What the names of secrets with databases to extract from begin with; the server's name follows. */
    readonly sourceSecrets: string;
    /** The schedule that restarts what got stuck. */
    readonly sweepSchedule: string;
    /** The schedule of a dataset's extract. */
    readonly extractSchedule: (dataset: string) => string;
    /** Tables people read. */
    readonly glueDatabase: string;
    /** Tables that queries of builds read. */
    readonly workDatabase: string;
    readonly workgroup: string;
}

export function namesOf(stage: DeploymentStage): Names {
    const base = `cartlake-${stage}`;
    // Bucket names are shared by everybody who uses S3.
    const bucket = (purpose: string) => `${base}-${purpose}-${Aws.ACCOUNT_ID}-${Aws.REGION}`;
    return {
        stacks: {
            storage: `${base}-storage`,
            database: `${base}-database`,
            query: `${base}-query`,
            pipeline: `${base}-pipeline`,
        },
        buckets: { landing: bucket('landing'), lake: bucket('lake'), logs: bucket('logs') },
        functions: (name) => `${base}-${name}`,
        machines: { ingest: `${base}-ingest`, build: `${base}-build`, replay: `${base}-replay` },
        queues: { arrivals: `${base}-arrivals`, deadLetters: `${base}-dead-letters` },
        topic: `${base}-alarms`,
        alarm: (name) => `${base}-${name}`,
        dashboard: base,
        databaseSecret: `cartlake/${stage}/database`,
        sourceSecrets: `cartlake/${stage}/sources/`,
        sweepSchedule: `${base}-sweep`,
        extractSchedule: (dataset) => `${base}-extract-${dataset}`,
        glueDatabase: base.replaceAll('-', '_'),
        workDatabase: `${base.replaceAll('-', '_')}_work`,
        workgroup: base,
    };
}
