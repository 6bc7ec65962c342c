import type { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { arnsOfMachine } from '../arns.ts';
import type { DeploymentStage } from '../deployment/deployment.ts';
import { namesOf } from '../names.ts';
import type { Measure } from './alarms.ts';
import { rejectionsMetric } from './rejections.ts';

const QUEUE_METRICS = {
    waiting: 'ApproximateNumberOfMessagesVisible',
    oldestSeconds: 'ApproximateAgeOfOldestMessage',
} as const;

const MACHINE_METRICS = {
    succeeded: 'ExecutionsSucceeded',
    failed: 'ExecutionsFailed',
    timedOut: 'ExecutionsTimedOut',
    durationMilliseconds: 'ExecutionTime',
} as const;

const FUNCTION_METRICS = { invocations: 'Invocations', errors: 'Errors', throttles: 'Throttles' } as const;

/** A measure as CloudWatch knows it; found by names, so that no construct has to be handed around. */
export function metricOf(stage: DeploymentStage, measure: Measure, period: Duration): IMetric {
    const names = namesOf(stage);
    switch (measure.of) {
        case 'queue':
            return new Metric({
                namespace: 'AWS/SQS',
                metricName: QUEUE_METRICS[measure.metric],
                dimensionsMap: { QueueName: names.queues[measure.queue] },
                statistic: 'Maximum',
                period,
            });
        case 'machine':
            return new Metric({
                namespace: 'AWS/States',
                metricName: MACHINE_METRICS[measure.metric],
                dimensionsMap: { StateMachineArn: arnsOfMachine(names.machines[measure.machine]).machine },
                statistic: measure.metric === 'durationMilliseconds' ? 'Maximum' : 'Sum',
                period,
            });
        case 'rejections':
            return new Metric({ ...rejectionsMetric(stage), statistic: 'Sum', period });
        case 'functions':
            return sumOf(
                measure.stages.map((name) => ({
                    label: name,
                    metric: new Metric({
                        namespace: 'AWS/Lambda',
                        metricName: FUNCTION_METRICS[measure.metric],
                        dimensionsMap: { FunctionName: names.functions(name) },
                        statistic: 'Sum',
                        label: name,
                        period,
                    }),
                })),
                period,
            );
    }
}

function sumOf(parts: readonly { label: string; metric: Metric }[], period: Duration): IMetric {
    const [first, ...others] = parts;
    if (first && others.length === 0) return first.metric;
    return new MathExpression({
        expression: `SUM([${parts.map(({ label }) => `FILL(${label}, 0)`).join(', ')}])`,
        usingMetrics: Object.fromEntries(parts.map(({ label, metric }) => [label, metric])),
        label: 'sum',
        period,
    });
}
