import type { IsoInstant } from '../types.ts';
import type { ExecutionStatus, MachineName } from './executions.ts';

/** What is known of an execution besides its history. */
export interface ExecutionSummary {
    readonly machine: MachineName;
    readonly name: string;
    readonly status: ExecutionStatus;
    readonly startedAt: IsoInstant;
    /** Undefined while it runs. */
    readonly stoppedAt: IsoInstant | undefined;
    /** Why it failed; lists leave it out. */
    readonly error: string | undefined;
    readonly cause: string | undefined;
}

/** One line of an execution's history, in the words of Step Functions. */
export interface ExecutionEvent {
    readonly id: number;
    /** The event that led to this one; 0 for the first ones. */
    readonly previousEventId: number;
    /** `TaskStateEntered`, `LambdaFunctionFailed` ... */
    readonly type: string;
    readonly timestamp: IsoInstant;
    readonly details: ExecutionEventDetails;
}

/** What an event tells, as far as its type has it. Inputs and outputs are JSON texts. */
export interface ExecutionEventDetails {
    /** Of the state; of the Map state for an iteration's events. */
    readonly name?: string;
    /** Of the iteration. */
    readonly index?: number;
    /** Number of items of a Map. */
    readonly length?: number;
    readonly input?: string;
    readonly output?: string;
    readonly parameters?: string;
    readonly resource?: string;
    readonly resourceType?: string;
    readonly timeoutInSeconds?: number;
    readonly error?: string;
    readonly cause?: string;
}

/** Looks at executions that were started somewhere else. */
export interface ExecutionLog {
    /** The newest ones first, `most` of them. */
    list(machine: MachineName, most: number): Promise<ExecutionSummary[]>;
    /** Undefined when there never was such an execution, or it was long ago. */
    find(machine: MachineName, name: string): Promise<ExecutionSummary | undefined>;
    /** All events in order; empty when there is no such execution. */
    events(machine: MachineName, name: string): Promise<ExecutionEvent[]>;
}
