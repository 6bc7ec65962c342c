import { Duration } from 'aws-cdk-lib';
import { Dashboard, GraphWidget, type IMetric, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { MachineName } from '#core/execution/executions.ts';
import { STAGE_NAMES } from '#lambdas/_aws/permissions.ts';
import type { DeploymentStage } from '../deployment/deployment.ts';
import { namesOf } from '../names.ts';
import type { Measure } from './alarms.ts';
import { metricOf } from './metrics.ts';

const PERIOD = Duration.minutes(5);

/** One page from left to right as a file goes: arrivals, ingest, build, and the functions below. */
export function dashboard(scope: Construct, stage: DeploymentStage): Dashboard {
    const metric = (measure: Measure): IMetric => metricOf(stage, measure, PERIOD);
    const executions = (machine: MachineName) =>
        graph(
            `Executions of ${machine}`,
            (['succeeded', 'failed', 'timedOut'] as const).map((name) =>
                metric({ of: 'machine', machine, metric: name }),
            ),
        );
    const byFunction = (title: string, name: 'errors' | 'throttles' | 'invocations') =>
        graph(
            title,
            STAGE_NAMES.map((function_) => metric({ of: 'functions', stages: [function_], metric: name })),
        );
    return new Dashboard(scope, 'Dashboard', {
        dashboardName: namesOf(stage).dashboard,
        widgets: [
            [
                new TextWidget({
                    markdown: `# Cartlake ${stage}\nWhat to do about an alarm stands in its text.`,
                    width: 24,
                    height: 2,
                }),
            ],
            [
                graph('Files waiting', [
                    metric({ of: 'queue', queue: 'arrivals', metric: 'waiting' }),
                    metric({ of: 'queue', queue: 'deadLetters', metric: 'waiting' }),
                ]),
                executions('ingest'),
                executions('build'),
            ],
            [
                graph('Files rejected and failed', [
                    metric({ of: 'rejections' }),
                    metric({ of: 'functions', stages: ['fail'], metric: 'invocations' }),
                ]),
                graph('Longest execution (ms)', [
                    metric({ of: 'machine', machine: 'ingest', metric: 'durationMilliseconds' }),
                    metric({ of: 'machine', machine: 'build', metric: 'durationMilliseconds' }),
                ]),
                byFunction('Invocations', 'invocations'),
            ],
            [byFunction('Errors', 'errors'), byFunction('Throttles', 'throttles')],
        ],
    });
}

function graph(title: string, left: IMetric[]): GraphWidget {
    return new GraphWidget({ title, left, width: 8, height: 6 });
}
