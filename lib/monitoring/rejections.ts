import { FilterPattern, type IFilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { StageName } from '#lambdas/_aws/permissions.ts';
import type { DeploymentStage } from '../deployment/deployment.ts';

/** Name of the metric that counts rejected objects. */
export function rejectionsMetric(stage: DeploymentStage): { namespace: string; metricName: string } {
    return { namespace: `Cartlake/${stage}`, metricName: 'ObjectsRejected' };
}

/** Log lines that tell of rejected objects, and how many each tells of. */
const LINES: readonly { readonly stage: StageName; readonly pattern: IFilterPattern; readonly count: string }[] = [
    { stage: 'admit', pattern: message('admission: rejected'), count: '1' },
    { stage: 'reject', pattern: message('reject done'), count: '1' },
    { stage: 'sweep', pattern: message('sweep done'), count: '$.output.rejected' },
];

/** Counts rejected objects from the logs: three stages can reject, and only one of them is there for nothing else. */
export function countRejections(
    scope: Construct,
    stage: DeploymentStage,
    logGroups: ReadonlyMap<StageName, ILogGroup>,
): void {
    const { namespace, metricName } = rejectionsMetric(stage);
    for (const { stage: name, pattern, count } of LINES) {
        const logGroup = logGroups.get(name) as ILogGroup;
        new MetricFilter(scope, `Rejected-${name}`, {
            logGroup,
            filterPattern: pattern,
            metricValue: count,
            metricNamespace: namespace,
            metricName,
        });
    }
}

function message(text: string): IFilterPattern {
    return FilterPattern.stringValue('$.message', '=', text);
}
