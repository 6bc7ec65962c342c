import type { Json } from './json.ts';

/** The States Language after `loadMachine` checked it: what each type of state may carry. */
export interface StateGroup {
    readonly StartAt: string;
    readonly States: Readonly<Record<string, State>>;
}

/** A whole machine; TimeoutSeconds bounds an execution. */
export interface Definition extends StateGroup {
    readonly Comment?: string;
    readonly TimeoutSeconds?: number;
}

interface Common {
    readonly Comment?: string;
    /** null stands for an empty object. */
    readonly InputPath?: string | null;
    readonly OutputPath?: string | null;
}

interface Onward {
    readonly Next?: string;
    readonly End?: boolean;
}

/** When and how often a failed attempt is repeated. */
export interface Retrier {
    readonly ErrorEquals: readonly string[];
    readonly IntervalSeconds?: number;
    readonly MaxAttempts?: number;
    readonly BackoffRate?: number;
    readonly MaxDelaySeconds?: number;
    readonly JitterStrategy?: 'FULL' | 'NONE';
}

/** Where a failure leads that was not retried, or no longer. */
export interface Catcher {
    readonly ErrorEquals: readonly string[];
    readonly Next: string;
    readonly ResultPath?: string | null;
}

/** What Task, Parallel and Map share. */
export interface Attempted extends Common, Onward {
    readonly ResultSelector?: Json;
    readonly ResultPath?: string | null;
    readonly Retry?: readonly Retrier[];
    readonly Catch?: readonly Catcher[];
}

/** Calls a handler. */
export interface TaskState extends Attempted {
    readonly Type: 'Task';
    readonly Resource: string;
    readonly Parameters?: Json;
    readonly TimeoutSeconds?: number;
    readonly TimeoutSecondsPath?: string;
}

/** Runs branches side by side. */
export interface ParallelState extends Attempted {
    readonly Type: 'Parallel';
    readonly Branches: readonly StateGroup[];
    readonly Parameters?: Json;
}

/** Runs its states for each item of an array. */
export interface MapState extends Attempted {
    readonly Type: 'Map';
    readonly ItemProcessor: StateGroup & {
        readonly ProcessorConfig?: { readonly Mode: 'INLINE' | 'DISTRIBUTED'; readonly ExecutionType?: 'STANDARD' };
    };
    readonly ItemsPath?: string;
    readonly ItemSelector?: Json;
    readonly MaxConcurrency?: number;
    readonly MaxConcurrencyPath?: string;
}

/** A Map that runs an execution of its own for each item of a file: its ProcessorConfig says DISTRIBUTED. */
export interface DistributedMap extends MapState {
    readonly ItemReader: {
        readonly Resource: string;
        readonly ReaderConfig: { readonly InputType: 'JSON' };
        /** Bucket and Key of the file. */
        readonly Parameters: Json;
    };
    readonly MaxConcurrency: number;
    /** Items that may fail; without either of the two none may. */
    readonly ToleratedFailureCount?: number;
    readonly ToleratedFailurePercentage?: number;
}

/** Shapes data. */
export interface PassState extends Common, Onward {
    readonly Type: 'Pass';
    readonly Result?: Json;
    readonly Parameters?: Json;
    readonly ResultPath?: string | null;
}

/** One of And, Or, Not, or Variable with one operator of `choice-operators.ts` or IsPresent. */
export interface ChoiceRule {
    readonly Next?: string;
    readonly And?: readonly ChoiceRule[];
    readonly Or?: readonly ChoiceRule[];
    readonly Not?: ChoiceRule;
    readonly Variable?: string;
    readonly IsPresent?: boolean;
}

/** Leads on by the first rule that holds. */
export interface ChoiceState extends Common {
    readonly Type: 'Choice';
    readonly Choices: readonly (ChoiceRule & { readonly Next: string })[];
    readonly Default?: string;
}

/** Waits; exactly one of its four times is given. */
export interface WaitState extends Common, Onward {
    readonly Type: 'Wait';
    readonly Seconds?: number;
    readonly SecondsPath?: string;
    readonly Timestamp?: string;
    readonly TimestampPath?: string;
}

/** Ends its group well. */
export interface SucceedState extends Common {
    readonly Type: 'Succeed';
}

/** Ends the execution, or fails the Parallel or Map around it. */
export interface FailState {
    readonly Type: 'Fail';
    readonly Comment?: string;
    readonly Error?: string;
    readonly ErrorPath?: string;
    readonly Cause?: string;
    readonly CausePath?: string;
}

/** Any state. */
export type State =
    | TaskState
    | ParallelState
    | MapState
    | PassState
    | ChoiceState
    | WaitState
    | SucceedState
    | FailState;

/** The states a state may hand over to. */
export function successors(state: State): string[] {
    const named: (string | undefined)[] = [];
    if ('Next' in state) named.push(state.Next);
    if (state.Type === 'Choice') named.push(...state.Choices.map((rule) => rule.Next), state.Default);
    if ('Catch' in state) named.push(...(state.Catch ?? []).map((catcher) => catcher.Next));
    return named.filter((name) => name !== undefined);
}
