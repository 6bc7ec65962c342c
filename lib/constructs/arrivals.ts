import { Duration } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { DeploymentStage } from '../deployment/deployment.ts';
import { SIZES } from '../deployment/sizes.ts';
import { namesOf } from '../names.ts';

/** An event that five deliveries could not admit is a person's business. */
const MOST_DELIVERIES = 5;
const ADMIT_TIMEOUT = Duration.minutes(5);

/**
 * The way of a landed file to the pipeline: bucket, event bus, queue, admit. The queue takes bursts and repeats what
 * failed, message by message; what fails for good waits two weeks in the queue of dead letters.
 */
export class Arrivals extends Construct {
    readonly queue: Queue;
    readonly deadLetters: Queue;

    constructor(scope: Construct, id: string, props: { readonly stage: DeploymentStage; readonly admit: IFunction }) {
        super(scope, id);
        const names = namesOf(props.stage);
        const shared = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true };
        this.deadLetters = new Queue(this, 'DeadLetters', {
            ...shared,
            queueName: names.queues.deadLetters,
            retentionPeriod: Duration.days(14),
        });
        this.queue = new Queue(this, 'Queue', {
            ...shared,
            queueName: names.queues.arrivals,
            retentionPeriod: Duration.days(4),
            // AWS asks for six times the function's timeout, or a throttled batch comes back while it still runs.
            visibilityTimeout: Duration.seconds(ADMIT_TIMEOUT.toSeconds() * 6),
            deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: MOST_DELIVERIES },
        });
        new Rule(this, 'Landed', {
            description: 'Cartlake: a file landed',
            eventPattern: {
                source: ['aws.s3'],
                detailType: ['Object Created'],
                detail: {
                    bucket: { name: [names.buckets.landing] },
                    object: { key: [{ prefix: 'landing/' }] },
                },
            },
            targets: [new SqsQueue(this.queue, { deadLetterQueue: this.deadLetters, retryAttempts: 185 })],
        });
        props.admit.addEventSource(
            new SqsEventSource(this.queue, {
                batchSize: 10,
                reportBatchItemFailures: true,
                maxConcurrency: SIZES[props.stage].admitting,
            }),
        );
    }
}
