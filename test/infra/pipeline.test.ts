import { readFileSync } from 'node:fs';
import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { definitionPath } from '#lib/constructs/machine.ts';
import { flat, resourcesOf, templateOf } from './synthesised.ts';

const prod = templateOf({ stage: 'prod' }, 'pipeline');
const arnOf = (id: string) => ({ 'Fn::GetAtt': [Match.stringLikeRegexp(id), 'Arn'] });

describe('the way of a landed file', () => {
    it('starts at objects below landing/ of the landing bucket and ends in the queue', () => {
        prod.hasResourceProperties('AWS::Events::Rule', {
            EventPattern: {
                source: ['aws.s3'],
                'detail-type': ['Object Created'],
                detail: {
                    bucket: { name: [{ 'Fn::Join': ['', Match.arrayWith(['cartlake-prod-landing-'])] }] },
                    object: { key: [{ prefix: 'landing/' }] },
                },
            },
            Targets: [
                Match.objectLike({
                    Arn: arnOf('^ArrivalsQueue'),
                    DeadLetterConfig: { Arn: arnOf('^ArrivalsDeadLetters') },
                }),
            ],
        });
    });

    it('hands what five deliveries could not admit to the queue of dead letters, which keeps it two weeks', () => {
        prod.hasResourceProperties('AWS::SQS::Queue', {
            QueueName: 'cartlake-prod-arrivals',
            RedrivePolicy: { deadLetterTargetArn: arnOf('^ArrivalsDeadLetters'), maxReceiveCount: 5 },
            // Six times the timeout of admit.
            VisibilityTimeout: 1_800,
        });
        prod.hasResourceProperties('AWS::SQS::Queue', {
            QueueName: 'cartlake-prod-dead-letters',
            MessageRetentionPeriod: 1_209_600,
        });
    });

    it('is encrypted at rest and in transit', () => {
        prod.allResourcesProperties('AWS::SQS::Queue', { SqsManagedSseEnabled: true });
        prod.resourceCountIs('AWS::SQS::QueuePolicy', 2);
        prod.allResourcesProperties('AWS::SQS::QueuePolicy', {
            PolicyDocument: {
                Statement: Match.arrayWith([
                    Match.objectLike({
                        Effect: 'Deny',
                        Action: 'sqs:*',
                        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
                    }),
                ]),
            },
        });
    });

    it('lets admit give single messages back', () => {
        prod.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
            FunctionName: { Ref: Match.stringLikeRegexp('^FunctionsAdmit') },
            FunctionResponseTypes: ['ReportBatchItemFailures'],
            ScalingConfig: { MaximumConcurrency: 10 },
        });
    });

    it('is swept every five minutes, without retries', () => {
        prod.hasResourceProperties('AWS::Events::Rule', {
            ScheduleExpression: 'rate(5 minutes)',
            Targets: [Match.objectLike({ Arn: arnOf('^FunctionsSweep'), RetryPolicy: { MaximumRetryAttempts: 0 } })],
        });
        prod.hasResourceProperties('AWS::Lambda::EventInvokeConfig', { MaximumRetryAttempts: 0 });
    });
});

/** Substitutions but the one that names a bucket. */
const functionsIn = (substitutions: object) =>
    Object.entries(substitutions).filter(([placeholder]) => placeholder !== 'LakeBucket');

describe.each(['ingest', 'build', 'replay'] as const)('the machine %s', (name) => {
    const [[, machine] = []] = resourcesOf(prod, 'AWS::StepFunctions::StateMachine').filter(
        ([, { Properties }]) => Properties.StateMachineName === `cartlake-prod-${name}`,
    );

    it('has a function for every placeholder of its file, and no others', () => {
        const text = readFileSync(definitionPath(name), 'utf8');
        const placeholders = new Set([...text.matchAll(/\$\{(\w+)\}/g)].map(([, placeholder]) => placeholder));
        const substitutions = machine?.Properties.DefinitionSubstitutions;

        expect(Object.keys(substitutions).toSorted()).toEqual([...placeholders].toSorted());
        for (const [placeholder, arn] of functionsIn(substitutions)) {
            expect(flat(arn)).toMatch(
                new RegExp(`^<Functions${placeholder.replace(/Function$/, '')}[0-9A-F]{8}\\.Arn>$`),
            );
        }
    });

    it('is traced and logs everything', () => {
        expect(machine?.Properties).toMatchObject({
            StateMachineType: 'STANDARD',
            TracingConfiguration: { Enabled: true },
            LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: true },
        });
    });

    it('may invoke its own functions and no others', () => {
        const role = machine?.Properties.RoleArn['Fn::GetAtt'][0];
        const invoked = resourcesOf(prod, 'AWS::IAM::Policy')
            .filter(([, { Properties }]) => Properties.Roles[0].Ref === role)
            .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement)
            .filter(({ Action }) => [Action].flat().includes('lambda:InvokeFunction'))
            .flatMap(({ Resource }) => [Resource].flat().map(flat));

        expect(invoked.toSorted()).toEqual(
            functionsIn(machine?.Properties.DefinitionSubstitutions)
                .map(([, arn]) => flat(arn))
                .toSorted(),
        );
    });

    it('has the name that functions start it by', () => {
        for (const [, { Properties }] of resourcesOf(prod, 'AWS::Lambda::Function')) {
            const variable = Properties.Environment.Variables[`CARTLAKE_${name.toUpperCase()}_MACHINE_ARN`];

            expect(flat(variable)).toBe(
                `arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:stateMachine:cartlake-prod-${name}`,
            );
        }
    });
});

it('the machine of replays may read its lists and run its items, and nothing else', () => {
    const [[, machine] = []] = resourcesOf(prod, 'AWS::StepFunctions::StateMachine').filter(
        ([, { Properties }]) => Properties.StateMachineName === 'cartlake-prod-replay',
    );
    const role = machine?.Properties.RoleArn['Fn::GetAtt'][0];
    const statements = resourcesOf(prod, 'AWS::IAM::Policy')
        .filter(([, { Properties }]) => Properties.Roles[0].Ref === role)
        .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement)
        .filter(({ Action }) => /^(s3|states):/.test([Action].flat()[0]))
        .map(({ Action, Resource }) => [[Action].flat().join(), flat(Resource)]);
    const here = 'arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>';

    expect(statements).toEqual([
        ['s3:GetObject', 'arn:<AWS::Partition>:s3:::cartlake-prod-lake-<AWS::AccountId>-<AWS::Region>/runs/replay-*'],
        ['states:StartExecution', `${here}:stateMachine:cartlake-prod-replay`],
        ['states:DescribeExecution,states:StopExecution', `${here}:execution:cartlake-prod-replay:*`],
    ]);
});

it('stacks share values without exports', () => {
    for (const kind of ['storage', 'database', 'pipeline'] as const) {
        const { Outputs = {} } = templateOf({ stage: 'prod' }, kind).toJSON();

        expect(Object.values(Outputs).filter((output) => 'Export' in (output as object))).toEqual([]);
        expect(JSON.stringify(templateOf({ stage: 'prod' }, kind).toJSON())).not.toContain('Fn::ImportValue');
    }
});
