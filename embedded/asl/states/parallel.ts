import { effectiveInput, outputOf, parametersOf } from '../data-flow.ts';
import type { ParallelState, StateGroup } from '../definition.ts';
import type { Thread, Visit } from '../execution.ts';
import type { Json } from '../json.ts';
import { failureDetails } from './failure-details.ts';
import { together } from './together.ts';

/** One attempt of a Parallel: all its branches at once. A branch's failure is the state's, under the same name. */
export async function attemptParallel(state: ParallelState, visit: Visit): Promise<Json> {
    const { execution, thread } = visit;
    const input = parametersOf(state, effectiveInput(state, visit), visit);
    const startedEventId = execution.record(thread, 'ParallelStateStarted');
    let lastEventId = startedEventId;

    const branch = async (index: number, signal: AbortSignal): Promise<Json> => {
        const own: Thread = { previousEventId: startedEventId, signal, item: thread.item };
        try {
            return await execution.runGroup(own, state.Branches[index] as StateGroup, input);
        } finally {
            // The state goes on from the branch that ended last, or from the one that failed.
            if (!signal.aborted) lastEventId = own.previousEventId;
        }
    };

    try {
        const results = await together(state.Branches.length, state.Branches.length, thread.signal, branch);
        thread.previousEventId = lastEventId;
        execution.record(thread, 'ParallelStateSucceeded');
        return outputOf(state, results, visit);
    } catch (error) {
        if (thread.signal.aborted) throw error;
        if (thread.previousEventId === startedEventId) {
            thread.previousEventId = lastEventId;
            execution.record(thread, 'ParallelStateFailed', failureDetails(error));
        }
        throw error;
    }
}
