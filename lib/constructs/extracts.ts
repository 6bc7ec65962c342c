import { Aws } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { Deployment } from '../deployment/deployment.ts';
import { namesOf } from '../names.ts';
import { scheduledSources } from '../sources/scheduled.ts';

/** Databases are read within this many minutes after their time, so that several do not start in one second. */
const WINDOW_MINUTES = 10;

/** A schedule for each dataset that is extracted from a database of this deployment. */
export class Extracts extends Construct {
    constructor(
        scope: Construct,
        id: string,
        { deployment, extract }: { readonly deployment: Deployment; readonly extract: IFunction },
    ) {
        super(scope, id);
        const datasets = scheduledSources(deployment.sources);
        if (datasets.length === 0) return;
        const role = new Role(this, 'Role', {
            description: 'Cartlake: schedules call extract',
            assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
                conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
            }),
        });
        role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [extract.functionArn] }));
        for (const { dataset, schedule } of datasets) {
            const made = new CfnSchedule(this, `Schedule-${dataset}`, {
                name: namesOf(deployment.stage).extractSchedule(dataset),
                description: `Cartlake: extracts ${dataset} from its database`,
                scheduleExpression: schedule,
                scheduleExpressionTimezone: 'UTC',
                flexibleTimeWindow: { mode: 'FLEXIBLE', maximumWindowInMinutes: WINDOW_MINUTES },
                target: {
                    arn: extract.functionArn,
                    roleArn: role.roleArn,
                    input: JSON.stringify({ dataset }),
                    // Lambda itself tries a failed extract twice more.
                    retryPolicy: { maximumRetryAttempts: 3, maximumEventAgeInSeconds: 3_600 },
                },
            });
            made.node.addDependency(role);
        }
    }
}
