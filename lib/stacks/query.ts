import { Aws, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import { CfnDatabase } from 'aws-cdk-lib/aws-glue';
import type { Construct } from 'constructs';
import type { Deployment } from '../deployment/deployment.ts';
import { SIZES } from '../deployment/sizes.ts';
import { namesOf } from '../names.ts';

/** Where Athena writes results of queries, below the lake bucket. */
export const QUERY_RESULTS = 'query-results/';

/** Athena as the engine of builds: a database of tables that mirror the catalog, a workgroup that limits queries. */
export class QueryStack extends Stack {
    constructor(scope: Construct, id: string, { deployment, ...props }: StackProps & { deployment: Deployment }) {
        super(scope, id, props);
        const names = namesOf(deployment.stage);

        // Holds no data: tables are copies of pointers in the lake and come back with the next build.
        const database = new CfnDatabase(this, 'Database', {
            catalogId: Aws.ACCOUNT_ID,
            databaseInput: { name: names.glueDatabase, description: 'Tables of Cartlake; the lake is the authority' },
        });
        database.applyRemovalPolicy(RemovalPolicy.DESTROY);
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
}
