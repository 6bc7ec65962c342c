import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { Deployment } from '../deployment/deployment.ts';
import { SIZES } from '../deployment/sizes.ts';
import { namesOf } from '../names.ts';
import { type AlarmSpec, alarmsOf } from './alarms.ts';
import { dashboard } from './dashboard.ts';
import { metricOf } from './metrics.ts';

/** The alarms, the topic they speak to, and a dashboard where the target has one. */
export class Monitoring extends Construct {
    readonly topic: Topic;

    constructor(scope: Construct, id: string, { target, stage, alarmEmail }: Deployment) {
        super(scope, id);
        const names = namesOf(stage);
        this.topic = new Topic(this, 'Topic', { topicName: names.topic, enforceSSL: true });
        if (alarmEmail !== undefined) this.topic.addSubscription(new EmailSubscription(alarmEmail));
        const action = new SnsAction(this.topic);
        const specs = alarmsOf(SIZES[stage].alarms);
        for (const spec of specs) {
            new Alarm(this, spec.name, {
                alarmName: `cartlake-${stage}-${spec.name}`,
                alarmDescription: spec.says,
                metric: metricOf(stage, spec.measure, spec.period),
                threshold: spec.rings.threshold,
                comparisonOperator: COMPARISON[spec.rings.when],
                evaluationPeriods: spec.periods ?? 1,
                treatMissingData: missingDataOf(spec),
            }).addAlarmAction(action);
        }
        // LocalStack ignores dashboards.
        if (target === 'aws') dashboard(this, stage);
    }
}

const COMPARISON = {
    atLeast: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    below: ComparisonOperator.LESS_THAN_THRESHOLD,
} as const;

function missingDataOf({ silence = 'fine' }: AlarmSpec): TreatMissingData {
    return silence === 'rings' ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING;
}
