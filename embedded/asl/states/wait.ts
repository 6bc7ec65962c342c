import { effectiveInput, filter } from '../data-flow.ts';
import type { WaitState } from '../definition.ts';
import { scopeOf, type Transition, type Visit } from '../execution.ts';
import { runtimeFailure } from '../failure.ts';
import type { Json } from '../json.ts';
import { select } from '../scope.ts';
import { parseTimestamp } from '../timestamp.ts';

/** Waits for a time or until one; a time that has passed is no wait. */
export async function runWait(state: WaitState, visit: Visit): Promise<Transition> {
    const { clock } = visit.execution;
    const input = effectiveInput(state, visit);
    const milliseconds = until(state, input, visit) - clock.now();
    await clock.sleep(Math.max(0, milliseconds), visit.thread.signal);
    return { output: filter(state.OutputPath, input, visit), next: state.Next };
}

function until(state: WaitState, input: Json, visit: Visit): number {
    const at = (path: string) => select(path, scopeOf(visit, input));
    if (state.Timestamp !== undefined || state.TimestampPath !== undefined) {
        const given = state.Timestamp ?? at(state.TimestampPath as string);
        const time = parseTimestamp(given);
        if (time !== undefined) return time;
        throw runtimeFailure(`The TimestampPath '${state.TimestampPath}' gives no timestamp: ${JSON.stringify(given)}`);
    }
    const seconds = state.Seconds ?? at(state.SecondsPath as string);
    if (Number.isInteger(seconds) && (seconds as number) >= 0) {
        return visit.execution.clock.now() + (seconds as number) * 1000;
    }
    throw runtimeFailure(
        `The SecondsPath '${state.SecondsPath}' must give an integer of 0 or more, found ${JSON.stringify(seconds)}`,
    );
}
