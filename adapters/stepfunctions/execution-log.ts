import {
    DescribeExecutionCommand,
    GetExecutionHistoryCommand,
    type HistoryEvent,
    ListExecutionsCommand,
    type SFNClient,
} from '@aws-sdk/client-sfn';
import type {
    ExecutionEvent,
    ExecutionEventDetails,
    ExecutionLog,
    ExecutionSummary,
} from '#core/execution/execution-log.ts';
import type { MachineName } from '#core/execution/executions.ts';
import { ask, nameOf } from '../aws/failure.ts';
import { executionArn } from './arn.ts';
import { type MachineArns, statusOf } from './executions.ts';

/** The most events or executions one answer holds. */
const PAGE = 1_000;

/** What Step Functions kept of executions: 90 days after they ended. */
export function createSfnExecutionLog(client: SFNClient, machines: MachineArns): ExecutionLog {
    return {
        async list(machine, most) {
            const stateMachineArn = machines[machine];
            const found: ExecutionSummary[] = [];
            let nextToken: string | undefined;
            do {
                const list = new ListExecutionsCommand({
                    stateMachineArn,
                    maxResults: Math.min(most - found.length, PAGE),
                    nextToken,
                });
                const page = await ask({ action: 'states:ListExecutions', on: stateMachineArn }, () =>
                    client.send(list),
                );
                found.push(...(page.executions ?? []).map((execution) => summaryOf(machine, execution)));
                nextToken = page.nextToken;
            } while (nextToken !== undefined && found.length < most);
            return found.slice(0, most);
        },
        async find(machine, name) {
            const arn = executionArn(machines[machine], name);
            const asked = { action: 'states:DescribeExecution', on: arn };
            const found = await ask(asked, () =>
                client.send(new DescribeExecutionCommand({ executionArn: arn })).catch(undefinedIfMissing),
            );
            return found && summaryOf(machine, found);
        },
        async events(machine, name) {
            const arn = executionArn(machines[machine], name);
            const events: ExecutionEvent[] = [];
            let nextToken: string | undefined;
            do {
                const get = new GetExecutionHistoryCommand({ executionArn: arn, maxResults: PAGE, nextToken });
                const page = await ask({ action: 'states:GetExecutionHistory', on: arn }, () =>
                    client.send(get).catch(undefinedIfMissing),
                );
                events.push(...(page?.events ?? []).map(eventOf));
                nextToken = page?.nextToken;
            } while (nextToken !== undefined);
            return events;
        },
    };
}

function undefinedIfMissing(error: unknown): undefined {
    if (nameOf(error) !== 'ExecutionDoesNotExist') throw error;
}

type Described = {
    readonly name?: string | undefined;
    readonly status?: string | undefined;
    readonly startDate?: Date | undefined;
    readonly stopDate?: Date | undefined;
    readonly error?: string | undefined;
    readonly cause?: string | undefined;
};

function summaryOf(machine: MachineName, execution: Described): ExecutionSummary {
    return {
        machine,
        name: execution.name ?? '',
        status: statusOf(execution.status),
        startedAt: instantOf(execution.startDate),
        stoppedAt: execution.stopDate && instantOf(execution.stopDate),
        error: execution.error,
        cause: execution.cause,
    };
}

/** An event holds its details under a name of its own: `taskFailedEventDetails`. */
function eventOf(event: HistoryEvent): ExecutionEvent {
    const [, found] = Object.entries(event).find(([field, value]) => field.endsWith('EventDetails') && value) ?? [];
    return {
        id: event.id ?? 0,
        previousEventId: event.previousEventId ?? 0,
        type: event.type ?? 'Unknown',
        timestamp: instantOf(event.timestamp),
        details: detailsOf(found),
    };
}

const KEPT = new Set<string>([
    'name',
    'index',
    'length',
    'input',
    'output',
    'parameters',
    'resource',
    'resourceType',
    'timeoutInSeconds',
    'error',
    'cause',
] satisfies (keyof ExecutionEventDetails)[]);

function detailsOf(found: unknown): ExecutionEventDetails {
    if (typeof found !== 'object' || found === null) return {};
    return Object.fromEntries(Object.entries(found).filter(([field, value]) => KEPT.has(field) && value !== undefined));
}

function instantOf(date: Date | undefined): string {
    return (date ?? new Date(0)).toISOString();
}
