import { effectiveInput, outputOf, refuseLarge } from '../data-flow.ts';
import type { DistributedMap, MapState } from '../definition.ts';
import { scopeOf, type Visit } from '../execution.ts';
import { FAILURES, StateFailure } from '../failure.ts';
import { isObject, type Json } from '../json.ts';
import { fillPayload } from '../scope.ts';
import { failureDetails } from './failure-details.ts';
import { together } from './together.ts';

/** Whether each item gets an execution of its own. */
export function isDistributed(state: MapState): state is DistributedMap {
    return state.ItemProcessor.ProcessorConfig?.Mode === 'DISTRIBUTED';
}

/**
 * One attempt of a Distributed Map: an execution of its own for each item that a file lists, so many at a time. Items
 * that fail do not stop the others while they are tolerated. What the executions give is not kept.
 */
export async function attemptDistributedMap(state: DistributedMap, visit: Visit): Promise<Json> {
    const { execution, thread } = visit;
    const input = effectiveInput(state, visit);
    execution.record(thread, 'MapStateStarted');
    execution.record(thread, 'MapRunStarted');
    try {
        await runItems(await itemsOf(state, input, visit), state, input, visit);
    } catch (error) {
        if (!thread.signal.aborted) {
            execution.record(thread, 'MapRunFailed', failureDetails(error));
            execution.record(thread, 'MapStateFailed', failureDetails(error));
        }
        throw error;
    }
    execution.record(thread, 'MapRunSucceeded');
    execution.record(thread, 'MapStateSucceeded');
    return outputOf(state, [], visit);
}

async function runItems(items: readonly Json[], state: DistributedMap, input: Json, visit: Visit): Promise<void> {
    const { execution, thread } = visit;
    let failed = 0;
    await together(items.length, state.MaxConcurrency, thread.signal, async (index, signal) => {
        const item = { Index: index, Value: items[index] as Json };
        try {
            const selector = state.ItemSelector;
            const selected = selector === undefined ? item.Value : fillPayload(selector, scopeOf(visit, input, item));
            refuseLarge(selected, `The item ${index} of '${visit.name}' came`);
            await execution.runChild(selected, state.ItemProcessor, signal);
        } catch (error) {
            if (signal.aborted || !(error instanceof StateFailure)) throw error;
            failed++;
            if (!isTolerated(failed, items.length, state)) throw exceeded(failed, items.length, error);
        }
    });
}

async function itemsOf({ ItemReader }: DistributedMap, input: Json, visit: Visit): Promise<readonly Json[]> {
    const place = fillPayload(ItemReader.Parameters, scopeOf(visit, input));
    const { Bucket, Key } = isObject(place) ? place : {};
    if (typeof Bucket !== 'string' || typeof Key !== 'string') {
        throw readerFailure(`expected the texts Bucket and Key, found ${JSON.stringify(place).slice(0, 200)}`);
    }
    const { readObject } = visit.execution;
    const text = await readObject?.({ bucket: Bucket, key: Key }).catch((error: unknown) => {
        throw readerFailure(error instanceof Error ? error.message : String(error));
    });
    if (text === undefined) throw readerFailure(`there is no object ${Key} in ${Bucket}`);
    try {
        const items: unknown = JSON.parse(text);
        if (Array.isArray(items)) return items as Json[];
    } catch (error) {
        throw readerFailure(`${Key} is no JSON: ${(error as Error).message}`);
    }
    throw readerFailure(`${Key} holds no array. Attempting to map over non-iterable node.`);
}

function readerFailure(cause: string): StateFailure {
    return new StateFailure(FAILURES.itemReader, `The ItemReader cannot read its items: ${cause}`);
}

/** Without a word about tolerance, none is. */
function isTolerated(failed: number, total: number, state: DistributedMap): boolean {
    const { ToleratedFailureCount: count, ToleratedFailurePercentage: percentage } = state;
    if (count === undefined && percentage === undefined) return false;
    return failed <= (count ?? total) && failed * 100 <= (percentage ?? 100) * total;
}

function exceeded(failed: number, total: number, last: StateFailure): StateFailure {
    const cause = `The specified tolerated failure threshold was exceeded: ${failed} of ${total} items failed, the last with ${last.message}`;
    return new StateFailure(FAILURES.tolerance, cause);
}
