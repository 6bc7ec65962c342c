import { describe, expect, it } from 'vitest';
import { STAGE_NAMES } from '#lambdas/_aws/permissions.ts';
import { SIZES } from '#lib/deployment/sizes.ts';
import { alarmsOf } from '#lib/monitoring/alarms.ts';
import { LOCAL_URL, resourcesOf, templateOf } from './synthesised.ts';

const prod = templateOf({ stage: 'prod', alarmEmail: 'data@example.com' }, 'pipeline');
const alarms = new Map(
    resourcesOf(prod, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => [
        Properties.AlarmName.replace('cartlake-prod-', ''),
        Properties,
    ]),
);

describe('alarms', () => {
    it('are those of the list, each with what to do and somebody to tell', () => {
        const specs = alarmsOf(SIZES.prod.alarms);

        expect([...alarms.keys()].toSorted()).toEqual(specs.map(({ name }) => name).toSorted());
        for (const { name, says } of specs) {
            expect(alarms.get(name).AlarmDescription).toBe(says);
            expect(alarms.get(name).AlarmActions).toEqual([{ Ref: expect.stringMatching(/^MonitoringTopic/) }]);
        }
    });

    it('ring for a single dead letter', () => {
        expect(alarms.get('dead-letters')).toMatchObject({
            MetricName: 'ApproximateNumberOfMessagesVisible',
            Dimensions: [{ Name: 'QueueName', Value: 'cartlake-prod-dead-letters' }],
            Threshold: 1,
            ComparisonOperator: 'GreaterThanOrEqualToThreshold',
            TreatMissingData: 'notBreaching',
        });
    });

    it('ring when a build fails, does not end or takes long', () => {
        expect(alarms.get('build-failed')).toMatchObject({ MetricName: 'ExecutionsFailed', Threshold: 1 });
        expect(alarms.get('build-not-finished')).toMatchObject({ MetricName: 'ExecutionsTimedOut', Threshold: 1 });
        expect(alarms.get('build-slow')).toMatchObject({ MetricName: 'ExecutionTime', Threshold: 7_200_000 });
    });

    it('ring in production when nothing was built for 26 hours, silence included', () => {
        expect(alarms.get('marts-stale')).toMatchObject({
            MetricName: 'ExecutionsSucceeded',
            ComparisonOperator: 'LessThanThreshold',
            Threshold: 1,
            Period: 3_600,
            EvaluationPeriods: 26,
            TreatMissingData: 'breaching',
        });
        expect(alarmsOf(SIZES.dev.alarms).map(({ name }) => name)).not.toContain('marts-stale');
    });

    it('ring for rejected objects, which three stages can find', () => {
        expect(alarms.get('objects-rejected')).toMatchObject({
            Namespace: 'Cartlake/prod',
            MetricName: 'ObjectsRejected',
            Threshold: 1,
        });
        const filters = resourcesOf(prod, 'AWS::Logs::MetricFilter').map(([, { Properties }]) => [
            Properties.FilterPattern,
            Properties.MetricTransformations[0].MetricValue,
        ]);
        expect(filters).toEqual([
            ['{ $.message = "admission: rejected" }', '1'],
            ['{ $.message = "reject done" }', '1'],
            ['{ $.message = "sweep done" }', '$.output.rejected'],
        ]);
    });

    it('watch errors and throttles of every function, ten at most in one sum', () => {
        for (const metric of ['errors', 'throttles'] as const) {
            const watched = alarmsOf(SIZES.prod.alarms).flatMap(({ measure }) =>
                measure.of === 'functions' && measure.metric === metric ? [measure.stages] : [],
            );

            expect(watched.flat().toSorted()).toEqual(STAGE_NAMES.toSorted());
            expect(Math.max(...watched.map(({ length }) => length))).toBeLessThanOrEqual(10);
        }
        expect(alarms.get('ingest-errors').Metrics).toContainEqual(
            expect.objectContaining({
                Expression: 'SUM([FILL(probe, 0), FILL(stage, 0), FILL(register, 0), FILL(reject, 0), FILL(fail, 0)])',
            }),
        );
    });
});

describe('the topic', () => {
    it('takes messages by TLS only and mails them to the address of the context', () => {
        prod.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'data@example.com' });
        expect(JSON.stringify(prod.findResources('AWS::SNS::TopicPolicy'))).toContain('aws:SecureTransport');
    });

    it('has no subscription where no address is given', () => {
        templateOf({ stage: 'prod' }, 'pipeline').resourceCountIs('AWS::SNS::Subscription', 0);
    });

    it('may be published to by the alarms', () => {
        expect(JSON.stringify(prod.findResources('AWS::SNS::TopicPolicy'))).toContain('cloudwatch.amazonaws.com');
    });
});

describe('the dashboard', () => {
    it('is there on AWS, and not on LocalStack, which has none', () => {
        prod.hasResourceProperties('AWS::CloudWatch::Dashboard', { DashboardName: 'cartlake-prod' });
        templateOf({ target: 'localstack', stage: 'dev', databaseUrl: LOCAL_URL }, 'pipeline').resourceCountIs(
            'AWS::CloudWatch::Dashboard',
            0,
        );
    });
});
