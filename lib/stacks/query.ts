import { Aws, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import { CfnDatabase } from 'aws-cdk-lib/aws-glue';
import type { Construct } from 'constructs';
import type { Deployment } from '../deployment/deployment.ts';
import { SIZES } from '../deployment/sizes.ts';
import { namesOf } from '../names.ts';

/** Where Athena writes results of queries, below the lake bucket. */
export const QUERY_RESULTS = 'query-results/';
/** Where the lists of files lie that queries of builds read. */
export const QUERY_INPUTS = 'query-inputs/';

/** Athena as the engine of builds: a database of tables that mirror the catalog, a workgroup that limits queries. */
export class QueryStack extends Stack {
    constructor(scope: Construct, id: string, { deployment, ...props }: StackProps & { deployment: Deployment }) {
        super(scope, id, props);
        const names = namesOf(deployment.stage);

        this.database('Database', names.glueDatabase, 'Tables of Cartlake; the lake is the authority');
        this.database('WorkDatabase', names.workDatabase, 'Cartlake: what queries of a build read; gone when it ends');
        new CfnWorkGroup(this, 'Workgroup', {
            name: names.workgroup,
            recursiveDeleteOption: true,
            workGroupConfiguration: {
                bytesScannedCutoffPerQuery: SIZES[deployment.stage].queryCutoffBytes,
                enforceWorkGroupConfiguration: true,
                publishCloudWatchMetricsEnabled: true,
                resultConfiguration: {
                    outputLocation: `s3://${names.buckets.lake}/${QUERY_RESULTS}`,
                    encryptionConfiguration: { encryptionOption: 'SSE_S3' },
                },
            },
        });
    }

    /** Holds no data: tables are copies of pointers in the lake and come back with the next build. */
    private database(id: string, name: string, description: string): void {
        const database = new CfnDatabase(this, id, {
            catalogId: Aws.ACCOUNT_ID,
            databaseInput: { name, description },
        });
        database.applyRemovalPolicy(RemovalPolicy.DESTROY);
    }
}
