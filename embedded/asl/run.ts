import { UsageError } from '#core/errors.ts';
import { type Clock, systemClock } from './clock.ts';
import { LARGEST_PAYLOAD } from './data-flow.ts';
import type { StateGroup } from './definition.ts';
import { arnOf, type Execution, type ObjectReader, type TaskResolver, type Thread } from './execution.ts';
import { FAILURES, StateFailure } from './failure.ts';
import { createRecorder, dataDetails, type HistorySink } from './history.ts';
import { type Random, systemRandom } from './intrinsics/random.ts';
import { type Json, serialisedSize, throughJson } from './json.ts';
import type { Machine } from './load.ts';
import { failureDetails } from './states/failure-details.ts';
import { runGroup } from './states/visit.ts';

/** What an execution is run with. */
export interface RunOptions {
    readonly machine: Machine;
    /** Unique among the machine's executions. */
    readonly name: string;
    readonly input: Json;
    readonly tasks: TaskResolver;
    /** Where an ItemReader finds its files. */
    readonly readObject?: ObjectReader | undefined;
    readonly history: HistorySink;
    readonly clock?: Clock;
    readonly random?: Random;
    /** Aborting it stops the execution: ABORTED. */
    readonly signal?: AbortSignal;
    /** `$$.Execution.Id`; made from the names of machine and execution when left out. */
    readonly executionId?: string;
}

/** How an execution ended. A timeout has no cause. */
export type ExecutionResult =
    | { readonly status: 'SUCCEEDED'; readonly output: Json }
    | {
          readonly status: 'FAILED' | 'TIMED_OUT' | 'ABORTED';
          readonly error: string | undefined;
          readonly cause: string | undefined;
      };

/**
 * Runs one execution of a machine to its end. A failing execution is a result, not an exception.
 * Throws UsageError for an input above the payload limit, and whatever the history sink throws.
 */
export async function runExecution(options: RunOptions): Promise<ExecutionResult> {
    const { machine, history, clock = systemClock, random = systemRandom } = options;
    const input = throughJson(options.input);
    const size = serialisedSize(input);
    if (size > LARGEST_PAYLOAD) {
        throw new UsageError(
            `the input of execution '${options.name}' has ${size} bytes, at most ${LARGEST_PAYLOAD} are allowed; pass a URI to the data instead`,
        );
    }
    const timeout = machine.definition.TimeoutSeconds;
    const startedAt = clock.now();
    const started = begin(
        {
            machine,
            id: options.executionId ?? arnOf('execution', machine.name, options.name),
            name: options.name,
            input,
            startedAt: new Date(startedAt).toISOString(),
            deadline: timeout === undefined ? undefined : startedAt + timeout * 1000,
            tasks: options.tasks,
            readObject: options.readObject,
            clock,
            random,
        },
        history,
    );
    return runToEnd(started, timeout, options.signal ?? new AbortController().signal);
}

type Beginning = Omit<Execution, 'eventCount' | 'record' | 'runGroup' | 'runChild'>;

/** An execution with its first event. */
function begin(beginning: Beginning, history: HistorySink): Execution {
    const recorder = createRecorder(history, beginning.clock);
    const execution: Execution = {
        ...beginning,
        eventCount: recorder.count,
        record: (thread, type, details) => {
            thread.previousEventId = recorder.record(thread.previousEventId, type, details);
            return thread.previousEventId;
        },
        runGroup: (thread, group, value) => runGroup(execution, thread, group, value),
        runChild: (value, group, signal) => runChild(beginning, value, group, signal),
    };
    recorder.record(0, 'ExecutionStarted', dataDetails('input', beginning.input));
    return execution;
}

/** What one of many thousand items went through is told by what its tasks did. */
const NOWHERE: HistorySink = { append: () => undefined };

function runChild(parent: Beginning, input: Json, group: StateGroup, signal: AbortSignal): Promise<Json> {
    const name = parent.random.uuid();
    const startedAt = new Date(parent.clock.now()).toISOString();
    const child = begin({ ...parent, id: `${parent.id}:${name}`, name, input, startedAt }, NOWHERE);
    return child.runGroup({ previousEventId: 0, signal, item: undefined }, group, input);
}

async function runToEnd(
    execution: Execution,
    timeout: number | undefined,
    stop: AbortSignal,
): Promise<ExecutionResult> {
    const timeUp = new AbortController();
    const ended = new AbortController();
    if (timeout !== undefined) {
        const timer = execution.clock.sleep(timeout * 1000, ended.signal);
        timer.then(
            () => timeUp.abort(new StateFailure(FAILURES.timeout)),
            () => undefined,
        );
    }
    const signal = AbortSignal.any([stop, timeUp.signal]);
    const thread: Thread = { previousEventId: 0, signal, item: undefined };
    try {
        const output = await execution.runGroup(thread, execution.machine.definition, execution.input);
        execution.record(thread, 'ExecutionSucceeded', dataDetails('output', output));
        return { status: 'SUCCEEDED', output };
    } catch (error) {
        if (timeUp.signal.aborted) {
            execution.record(thread, 'ExecutionTimedOut', { error: FAILURES.timeout });
            return { status: 'TIMED_OUT', error: FAILURES.timeout, cause: undefined };
        }
        if (signal.aborted) {
            const cause = signal.reason instanceof Error ? signal.reason.message : String(signal.reason);
            execution.record(thread, 'ExecutionAborted', { cause });
            return { status: 'ABORTED', error: undefined, cause };
        }
        if (!(error instanceof StateFailure)) throw error;
        execution.record(thread, 'ExecutionFailed', failureDetails(error));
        return { status: 'FAILED', error: error.error, cause: error.causeText };
    } finally {
        ended.abort();
    }
}
