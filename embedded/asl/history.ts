import type { IsoInstant } from '#core/types.ts';
import type { Clock } from './clock.ts';
import type { Json } from './json.ts';

type Entered = 'Task' | 'Pass' | 'Choice' | 'Wait' | 'Parallel' | 'Map' | 'Succeed';
type Step = 'Scheduled' | 'Started' | 'Succeeded' | 'Failed' | 'TimedOut';

/** The service's own names of history events. */
export type EventType =
    | `Execution${'Started' | 'Succeeded' | 'Failed' | 'TimedOut' | 'Aborted'}`
    | `${Entered}StateEntered`
    | `${Entered}StateExited`
    | 'FailStateEntered'
    | `${'Task' | 'Wait' | 'Parallel' | 'Map'}StateAborted`
    | `${'Task' | 'LambdaFunction'}${Step}`
    | `${'Map' | 'Parallel'}State${'Started' | 'Succeeded' | 'Failed'}`
    | `MapRun${'Started' | 'Succeeded' | 'Failed'}`
    | `MapIteration${'Started' | 'Succeeded' | 'Failed' | 'Aborted'}`;

/** What an event tells, as far as its type has it. Inputs and outputs are JSON texts. */
export interface EventDetails {
    /** Of the state; of the Map state for an iteration's events. */
    readonly name?: string;
    /** Of the iteration. */
    readonly index?: number;
    /** Number of items of a Map. */
    readonly length?: number;
    readonly input?: string;
    readonly output?: string;
    readonly parameters?: string;
    /** Input, output or parameters were cut: they are no JSON any more. */
    readonly truncated?: true;
    readonly resource?: string;
    readonly resourceType?: string;
    readonly timeoutInSeconds?: number;
    readonly error?: string;
    readonly cause?: string;
}

/** One line of an execution's history. */
export interface HistoryEvent {
    readonly id: number;
    /** The event that led to this one, in the same branch or iteration; 0 for the first ones. */
    readonly previousEventId: number;
    readonly type: EventType;
    readonly timestamp: IsoInstant;
    readonly details: EventDetails;
}

/** Where events go, in order, as they happen. */
export interface HistorySink {
    append(event: HistoryEvent): void;
}

/** Characters of an input or output that an event keeps. */
const LONGEST_DATA = 8_192;

/** The part of an event's details that carries data, cut to what an event keeps. */
export function dataDetails(field: 'input' | 'output' | 'parameters', value: Json): EventDetails {
    const text = JSON.stringify(value);
    return text.length <= LONGEST_DATA ? { [field]: text } : { [field]: text.slice(0, LONGEST_DATA), truncated: true };
}

/** Numbers and dates events. */
export function createRecorder(sink: HistorySink, clock: Clock) {
    let count = 0;
    return {
        /** Number of events so far. */
        count: () => count,
        /** Appends an event and returns its id. */
        record(previousEventId: number, type: EventType, details: EventDetails = {}): number {
            const id = ++count;
            const timestamp = new Date(clock.now()).toISOString();
            sink.append({ id, previousEventId, type, timestamp, details });
            return id;
        },
    };
}
