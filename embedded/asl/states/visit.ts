import { refuseLarge } from '../data-flow.ts';
import type { State, StateGroup } from '../definition.ts';
import type { Execution, Thread, Transition, Visit } from '../execution.ts';
import { runtimeFailure, StateFailure } from '../failure.ts';
import { dataDetails } from '../history.ts';
import type { Json } from '../json.ts';
import { withRetries } from './attempts.ts';
import { attemptDistributedMap, isDistributed } from './distributed-map.ts';
import { attemptMap } from './map.ts';
import { attemptParallel } from './parallel.ts';
import { failureOf, runChoice, runPass, runSucceed } from './plain.ts';
import { attemptTask } from './task.ts';
import { runWait } from './wait.ts';

/** The service ends an execution whose history grows longer; a few are left for the events that end it. */
const MOST_EVENTS = 25_000 - 10;

/** Runs states from StartAt until one ends. Throws StateFailure, or the signal's reason once it is aborted. */
export async function runGroup(execution: Execution, thread: Thread, group: StateGroup, input: Json): Promise<Json> {
    let name = group.StartAt;
    let value = input;
    for (;;) {
        const { output, next } = await visitState(execution, thread, name, group.States[name] as State, value);
        if (next === undefined) return output;
        name = next;
        value = output;
    }
}

async function visitState(
    execution: Execution,
    thread: Thread,
    name: string,
    state: State,
    rawInput: Json,
): Promise<Transition> {
    thread.signal.throwIfAborted();
    if (execution.eventCount() >= MOST_EVENTS) {
        throw runtimeFailure('The execution reached the maximum number of history events (25000).');
    }
    const enteredAt = new Date(execution.clock.now()).toISOString();
    const details = { name, ...dataDetails('input', rawInput) };
    const enteredEventId = execution.record(thread, `${state.Type}StateEntered`, details);
    const visit: Visit = { execution, thread, name, rawInput, enteredAt, enteredEventId, retryCount: 0 };
    try {
        const transition = await perform(state, visit);
        refuseLarge(transition.output, `The state/task '${name}' returned a result`);
        const exit = { name, ...dataDetails('output', transition.output) };
        if (state.Type !== 'Fail') execution.record(thread, `${state.Type}StateExited`, exit);
        return transition;
    } catch (error) {
        if (thread.signal.aborted && isInterruptible(state))
            execution.record(thread, `${state.Type}StateAborted`, { name });
        throw error instanceof StateFailure ? error.locatedAt(name, enteredEventId) : error;
    }
}

type Interruptible = Extract<State, { Type: 'Task' | 'Wait' | 'Parallel' | 'Map' }>;

function isInterruptible(state: State): state is Interruptible {
    return ['Task', 'Wait', 'Parallel', 'Map'].includes(state.Type);
}

async function perform(state: State, visit: Visit): Promise<Transition> {
    switch (state.Type) {
        case 'Task':
            return withRetries(state, visit, () => attemptTask(state, visit));
        case 'Parallel':
            return withRetries(state, visit, () => attemptParallel(state, visit));
        case 'Map':
            return withRetries(state, visit, () =>
                isDistributed(state) ? attemptDistributedMap(state, visit) : attemptMap(state, visit),
            );
        case 'Wait':
            return runWait(state, visit);
        case 'Choice':
            return runChoice(state, visit);
        case 'Pass':
            return runPass(state, visit);
        case 'Succeed':
            return runSucceed(state, visit);
        case 'Fail':
            throw failureOf(state, visit);
    }
}
