import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { StageName } from '#lambdas/_aws/permissions.ts';
import { arnOfAlarms } from '../arns.ts';
import type { Deployment, DeploymentStage } from '../deployment/deployment.ts';
import { SIZES } from '../deployment/sizes.ts';
import { namesOf } from '../names.ts';
import { type AlarmSpec, alarmsOf } from './alarms.ts';
import { dashboard } from './dashboard.ts';
import { metricOf } from './metrics.ts';
import { countRejections } from './rejections.ts';

export interface MonitoringProps {
    readonly deployment: Deployment;
    readonly logGroups: ReadonlyMap<StageName, ILogGroup>;
}

/** The alarms, the topic they speak to, and a dashboard where the target has one. */
export class Monitoring extends Construct {
    readonly topic: Topic;

    constructor(scope: Construct, id: string, { deployment, logGroups }: MonitoringProps) {
        super(scope, id);
        const { target, stage, alarmEmail } = deployment;
        const names = namesOf(stage);
        this.topic = new Topic(this, 'Topic', { topicName: names.topic, enforceSSL: true });
        if (alarmEmail !== undefined) this.topic.addSubscription(new EmailSubscription(alarmEmail));
        const action = new SnsAction(this.topic);
        this.letAlarmsSpeak(stage);
        const specs = alarmsOf(SIZES[stage].alarms);
        for (const spec of specs) {
            new Alarm(this, spec.name, {
                alarmName: names.alarm(spec.name),
                alarmDescription: spec.says,
                metric: metricOf(stage, spec.measure, spec.period),
                threshold: spec.rings.threshold,
                comparisonOperator: COMPARISON[spec.rings.when],
                evaluationPeriods: spec.periods ?? 1,
                treatMissingData: missingDataOf(spec),
            }).addAlarmAction(action);
        }
        countRejections(this, stage, logGroups);
        // LocalStack ignores dashboards.
        if (target === 'aws') dashboard(this, stage);
    }

    /** A policy of its own, such as the one that asks for TLS, takes away what a topic allows its account by default. */
    private letAlarmsSpeak(stage: DeploymentStage): void {
        this.topic.addToResourcePolicy(
            new PolicyStatement({
                principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
                actions: ['sns:Publish'],
                resources: [this.topic.topicArn],
                conditions: { ArnLike: { 'aws:SourceArn': arnOfAlarms(stage) } },
            }),
        );
    }
}

const COMPARISON = {
    atLeast: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    below: ComparisonOperator.LESS_THAN_THRESHOLD,
} as const;

function missingDataOf({ silence = 'fine' }: AlarmSpec): TreatMissingData {
    return silence === 'rings' ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING;
}
