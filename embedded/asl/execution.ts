import type { IsoInstant } from '#core/types.ts';
import type { Clock } from './clock.ts';
import type { StateGroup } from './definition.ts';
import type { EventDetails, EventType } from './history.ts';
import type { Random } from './intrinsics/random.ts';
import type { Json, JsonObject } from './json.ts';
import type { Machine } from './load.ts';
import type { Scope } from './scope.ts';

/** What a task's handler is told besides its payload. */
export interface Invocation {
    /** Aborted when the task timed out or its execution was stopped: what it returns then is ignored. */
    readonly signal: AbortSignal;
    /** Milliseconds since 1970 at which the signal will be aborted; undefined without a timeout. */
    readonly deadline: number | undefined;
}

/** Does a task's work. An error's `name` is what Retry and Catch compare. */
export type TaskHandler = (payload: Json, invocation: Invocation) => Promise<unknown>;

/** Gives the text of an object of a bucket to an ItemReader; undefined when there is none. */
export type ObjectReader = (place: { readonly bucket: string; readonly key: string }) => Promise<string | undefined>;

/** Finds the handler for a function's name or an integration's ARN. */
export type TaskResolver = (resource: string) => TaskHandler | undefined;

/** One execution while it runs: what all its branches share. */
export interface Execution {
    readonly machine: Machine;
    readonly id: string;
    readonly name: string;
    readonly input: Json;
    readonly startedAt: IsoInstant;
    /** Milliseconds since 1970; undefined when the machine has no TimeoutSeconds. */
    readonly deadline: number | undefined;
    readonly tasks: TaskResolver;
    readonly readObject: ObjectReader | undefined;
    readonly clock: Clock;
    readonly random: Random;
    readonly eventCount: () => number;
    /** Appends an event to the thread's chain and returns its id. */
    record(thread: Thread, type: EventType, details?: EventDetails): number;
    /** Runs states from StartAt until one ends. Throws StateFailure. */
    runGroup(thread: Thread, group: StateGroup, input: Json): Promise<Json>;
    /**
     * Runs states as an execution of its own, with a name, an input and a history of its own, which is not kept.
     * Throws StateFailure.
     */
    runChild(input: Json, group: StateGroup, signal: AbortSignal): Promise<Json>;
}

/** One strand of an execution: its main line, a branch or an iteration. */
export interface Thread {
    previousEventId: number;
    readonly signal: AbortSignal;
    /** The innermost Map's item. */
    readonly item: { readonly Index: number; readonly Value: Json } | undefined;
}

/** One stay in a state, from entering it to leaving it, retries included. */
export interface Visit {
    readonly execution: Execution;
    readonly thread: Thread;
    readonly name: string;
    readonly rawInput: Json;
    readonly enteredAt: IsoInstant;
    readonly enteredEventId: number;
    retryCount: number;
}

/** What a state hands over, and to whom; no next state ends its group. */
export interface Transition {
    readonly output: Json;
    readonly next: string | undefined;
}

/** What paths see during a visit; `item` stands in for the thread's own while a Map selects its items. */
export function scopeOf(visit: Visit, input: Json, item: Thread['item'] = visit.thread.item): Scope {
    return { input, context: contextObject(visit, item), random: visit.execution.random };
}

/** Members of the context object; Task.Token is not among them. */
export const CONTEXT_MEMBERS = ['Execution', 'State', 'StateMachine', 'Map'] as const;

/** An id of the form the service's have, of an account that is nobody's. */
export function arnOf(kind: 'execution' | 'stateMachine', ...names: readonly string[]): string {
    return `arn:aws:states:local:000000000000:${kind}:${names.join(':')}`;
}

function contextObject(visit: Visit, item: Thread['item']): JsonObject {
    const { execution } = visit;
    const context: JsonObject = {
        Execution: {
            Id: execution.id,
            Input: execution.input,
            Name: execution.name,
            StartTime: execution.startedAt,
            RedriveCount: 0,
        },
        StateMachine: { Id: arnOf('stateMachine', execution.machine.name), Name: execution.machine.name },
        State: { Name: visit.name, EnteredTime: visit.enteredAt, RetryCount: visit.retryCount },
    };
    if (item) context.Map = { Item: { ...item } };
    return context;
}
