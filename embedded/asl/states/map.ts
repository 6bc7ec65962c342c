import { effectiveInput, outputOf, refuseLarge } from '../data-flow.ts';
import type { MapState } from '../definition.ts';
import { scopeOf, type Thread, type Visit } from '../execution.ts';
import { runtimeFailure } from '../failure.ts';
import type { Json } from '../json.ts';
import { fillPayload, select } from '../scope.ts';
import { failureDetails } from './failure-details.ts';
import { together } from './together.ts';

/** The service runs no more iterations of an inline Map than this at once. */
const MOST_AT_ONCE = 40;

/** One attempt of a Map: all its iterations. */
export async function attemptMap(state: MapState, visit: Visit): Promise<Json> {
    const { execution, thread } = visit;
    const input = effectiveInput(state, visit);
    const items = itemsOf(state, input, visit);
    const limit = Math.min(concurrency(state, input, visit) || MOST_AT_ONCE, MOST_AT_ONCE);
    const startedEventId = execution.record(thread, 'MapStateStarted', { length: items.length });
    let lastEventId = startedEventId;

    const iterate = async (index: number, signal: AbortSignal): Promise<Json> => {
        const item = { Index: index, Value: items[index] as Json };
        const iteration: Thread = { previousEventId: startedEventId, signal, item };
        const details = { name: visit.name, index };
        execution.record(iteration, 'MapIterationStarted', details);
        try {
            const selector = state.ItemSelector;
            const selected = selector === undefined ? item.Value : fillPayload(selector, scopeOf(visit, input, item));
            refuseLarge(selected, `The iteration ${index} of '${visit.name}' was given an item`);
            const output = await execution.runGroup(iteration, state.ItemProcessor, selected);
            lastEventId = execution.record(iteration, 'MapIterationSucceeded', details);
            return output;
        } catch (error) {
            if (signal.aborted) execution.record(iteration, 'MapIterationAborted', details);
            else
                lastEventId = execution.record(iteration, 'MapIterationFailed', {
                    ...details,
                    ...failureDetails(error),
                });
            throw error;
        }
    };

    try {
        const results = await together(items.length, limit, thread.signal, iterate);
        thread.previousEventId = lastEventId;
        execution.record(thread, 'MapStateSucceeded');
        return outputOf(state, results, visit);
    } catch (error) {
        if (thread.signal.aborted) throw error;
        if (thread.previousEventId === startedEventId) {
            thread.previousEventId = lastEventId;
            execution.record(thread, 'MapStateFailed', failureDetails(error));
        }
        throw error;
    }
}

function itemsOf(state: MapState, input: Json, visit: Visit): Json[] {
    const path = state.ItemsPath ?? '$';
    const items = select(path, scopeOf(visit, input));
    if (Array.isArray(items)) return items;
    throw runtimeFailure(`Reference path "${path}" must point to array, found ${JSON.stringify(items).slice(0, 200)}`);
}

function concurrency(state: MapState, input: Json, visit: Visit): number {
    if (state.MaxConcurrencyPath === undefined) return state.MaxConcurrency ?? 0;
    const limit = select(state.MaxConcurrencyPath, scopeOf(visit, input));
    if (Number.isInteger(limit) && (limit as number) >= 0) return limit as number;
    throw runtimeFailure(
        `The MaxConcurrencyPath '${state.MaxConcurrencyPath}' must give an integer of 0 or more, found ${JSON.stringify(limit)}`,
    );
}
