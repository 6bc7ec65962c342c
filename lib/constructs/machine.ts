import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { UsageError } from '#core/errors.ts';
import type { MachineName } from '#core/execution/executions.ts';
import type { MachineArns } from '#lambdas/_aws/grants.ts';
import type { StageName } from '#lambdas/_aws/permissions.ts';
import { arnOfBucket, arnsOfMachine } from '../arns.ts';
import type { DeploymentStage } from '../deployment/deployment.ts';
import { SIZES } from '../deployment/sizes.ts';
import { acknowledge, acknowledgeWildcards } from '../nag/acknowledge.ts';
import type { ReasonName } from '../nag/reasons.ts';
import { namesOf } from '../names.ts';
import { retentionOf } from './retention.ts';

export interface MachineProps {
    readonly stage: DeploymentStage;
    readonly functions: ReadonlyMap<StageName, IFunction>;
}

/** Path of a machine's definition in the States Language. */
export function definitionPath(name: MachineName): string {
    return join(import.meta.dirname, '..', '..', 'statemachines', `${name}.asl.json`);
}

/** A state machine as its file in statemachines/ says, over the functions it names. */
export class Machine extends Construct {
    readonly machine: StateMachine;

    constructor(scope: Construct, name: MachineName, { stage, functions }: MachineProps) {
        super(scope, IDS[name]);
        const names = namesOf(stage);
        const stateMachineName = names.machines[name];
        const called = functionsOf(name, functions);
        const isDistributed = placeholdersOf(name).includes(LAKE_BUCKET);
        this.machine = new StateMachine(this, 'Machine', {
            stateMachineName,
            stateMachineType: StateMachineType.STANDARD,
            definitionBody: DefinitionBody.fromFile(definitionPath(name)),
            definitionSubstitutions: {
                ...Object.fromEntries([...called].map(([placeholder, lambda]) => [placeholder, lambda.functionArn])),
                ...(isDistributed && { [LAKE_BUCKET]: names.buckets.lake }),
            },
            logs: {
                // Log groups with this prefix share one policy of the account, which has a limit.
                destination: new LogGroup(this, 'Logs', {
                    logGroupName: `/aws/vendedlogs/states/${stateMachineName}`,
                    retention: retentionOf(SIZES[stage].keep.functionLogs),
                    removalPolicy: RemovalPolicy.DESTROY,
                }),
                level: LogLevel.ALL,
                includeExecutionData: true,
            },
            tracingEnabled: true,
        });
        this.machine.addToRolePolicy(
            new PolicyStatement({
                actions: ['lambda:InvokeFunction'],
                resources: [...called.values()].map(({ functionArn }) => functionArn),
            }),
        );
        acknowledge(this.machine, 'AwsSolutions-IAM5[Resource::*]', 'logsAndTracesOfMachine');
        if (isDistributed) this.runItems(arnsOfMachine(stateMachineName), arnOfBucket(names.buckets.lake));
    }

    /** A Distributed Map reads its list and starts an execution of its own machine for each item. */
    private runItems({ machine, executions }: MachineArns, lakeBucketArn: string): void {
        const allow = (actions: string[], resource: string, wildcard?: ReasonName) => {
            const statement = new PolicyStatement({ actions, resources: [resource] });
            this.machine.addToRolePolicy(statement);
            if (wildcard) acknowledgeWildcards(this.machine, statement, wildcard);
        };
        allow(['s3:GetObject'], `${lakeBucketArn}/runs/replay-*`, 'listsOfReplays');
        allow(['states:StartExecution'], machine);
        allow(['states:DescribeExecution', 'states:StopExecution'], executions, 'itemsOfMap');
    }
}

/** Where a Distributed Map finds its list. */
const LAKE_BUCKET = 'LakeBucket';

const IDS: Readonly<Record<MachineName, string>> = {
    ingest: 'IngestMachine',
    build: 'BuildMachine',
    replay: 'ReplayMachine',
};

function placeholdersOf(name: MachineName): string[] {
    const text = readFileSync(definitionPath(name), 'utf8');
    return [...text.matchAll(/\$\{(\w+)\}/g)].map(([, placeholder = '']) => placeholder);
}

/** `${ProbeFunction}` and its siblings. Throws UsageError when a file names a function that is no stage. */
function functionsOf(name: MachineName, functions: ReadonlyMap<StageName, IFunction>): Map<string, IFunction> {
    const found = new Map<string, IFunction>();
    for (const placeholder of placeholdersOf(name)) {
        if (placeholder === LAKE_BUCKET) continue;
        const stage = placeholder.replace(/Function$/, '').toLowerCase() as StageName;
        const lambda = functions.get(stage);
        if (!lambda) {
            throw new UsageError(
                `The machine ${name} names \${${placeholder}}, but there is no stage ${stage}. ` +
                    `Stages: ${[...functions.keys()].join(', ')}.`,
            );
        }
        found.set(placeholder, lambda);
    }
    return found;
}
