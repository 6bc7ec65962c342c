import type { Grant } from './grants.ts';
import type { StageName } from './permissions.ts';

/** What a stage needs besides when the engine is Athena. */
export interface AthenaNeeds {
    /** Starts queries and makes the tables they read. */
    readonly queries?: true;
    /** Shows promoted tables in Glue's catalog. */
    readonly mirrors?: true;
    /** Removes the tables of queries when a build is over. */
    readonly tidies?: true;
}

/** Publish and report read the tables with DuckDB: small ones, and publish runs where no way leads to Athena. */
export const ATHENA_NEEDS: Readonly<Partial<Record<StageName, AthenaNeeds>>> = {
    build: { queries: true },
    check: { queries: true },
    promote: { mirrors: true },
    finish: { mirrors: true, tidies: true },
};

/** What a deployment with Athena has besides; an ARN may be a token of the CDK. */
export interface AthenaResources {
    readonly workgroupArn: string;
    /** Glue's catalog, which every request is also made on. */
    readonly catalogArn: string;
    /** The database that Athena asks about at every query. */
    readonly defaultDatabaseArn: string;
    /** Tables people read. */
    readonly tables: GlueArns;
    /** Tables that queries of builds read. */
    readonly workTables: GlueArns;
}

export interface GlueArns {
    /** `arn:<partition>:glue:<region>:<account>:database/<name>` */
    readonly database: string;
    /** `arn:<partition>:glue:<region>:<account>:table/<database>/*` */
    readonly tables: string;
}

const QUERY_ACTIONS = [
    'athena:StartQueryExecution',
    'athena:GetQueryExecution',
    'athena:GetQueryResults',
    'athena:StopQueryExecution',
];
const READ_TABLE = ['glue:GetTable', 'glue:GetPartitions'];
const WRITE_FILES = ['s3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'];

/** What the role of a stage may do besides when the engine is Athena: queries act with the rights of who starts them. */
export function athenaGrants(stage: StageName, lakeBucketArn: string, athena: AthenaResources | undefined): Grant[] {
    const needs = ATHENA_NEEDS[stage];
    if (athena === undefined || needs === undefined) return [];
    const { catalogArn, tables, workTables, workgroupArn, defaultDatabaseArn } = athena;
    const of = (arns: GlueArns) => [catalogArn, arns.database, arns.tables];
    const inLake = (...places: string[]) => places.map((place) => `${lakeBucketArn}/${place}/*`);
    const grants: Grant[] = [];
    if (needs.queries) {
        grants.push(
            { actions: QUERY_ACTIONS, resources: [workgroupArn] },
            { actions: ['glue:GetDatabase'], resources: [catalogArn, defaultDatabaseArn, workTables.database] },
            { actions: [...READ_TABLE, 'glue:CreateTable'], resources: of(workTables) },
            { actions: ['s3:GetBucketLocation'], resources: [lakeBucketArn] },
            { actions: ['s3:GetObject'], resources: inLake('query-inputs', 'query-results') },
            { actions: WRITE_FILES, resources: inLake('query-inputs', 'query-results') },
            // UNLOAD of a build writes to the tables' place.
            { actions: ['s3:ListMultipartUploadParts'], resources: stage === 'build' ? inLake('marts') : [] },
        );
    }
    if (needs.mirrors) {
        grants.push(
            { actions: ['glue:GetTable', 'glue:CreateTable', 'glue:UpdateTable'], resources: of(tables) },
            { actions: ['s3:GetObject'], resources: inLake('catalog', 'control/catalog') },
            { actions: ['s3:PutObject'], resources: inLake('mirror') },
        );
    }
    if (needs.tidies) grants.push({ actions: ['glue:GetTables', 'glue:BatchDeleteTable'], resources: of(workTables) });
    return grants.filter(({ resources }) => resources.length > 0);
}
