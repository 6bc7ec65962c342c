import { scopeOf, type Visit } from './execution.ts';
import { FAILURES, StateFailure } from './failure.ts';
import { type Json, serialisedSize } from './json.ts';
import { placeResult } from './place-result.ts';
import { fillPayload, select } from './scope.ts';

/** Bytes of JSON a state may be given or give: the service's limit for payloads. */
export const LARGEST_PAYLOAD = 262_144;

/** InputPath applied to the raw input. */
export function effectiveInput(state: { readonly InputPath?: string | null }, visit: Visit): Json {
    return filter(state.InputPath, visit.rawInput, visit);
}

/** Parameters applied to the effective input, which they replace. */
export function parametersOf(state: { readonly Parameters?: Json }, input: Json, visit: Visit): Json {
    if (state.Parameters === undefined) return input;
    const filled = fillPayload(state.Parameters, scopeOf(visit, input));
    refuseLarge(filled, `The state '${visit.name}' was given Parameters`);
    return filled;
}

/** ResultSelector, ResultPath and OutputPath applied to a state's result, in this order. */
export function outputOf(
    state: { readonly ResultSelector?: Json; readonly ResultPath?: string | null; readonly OutputPath?: string | null },
    result: Json,
    visit: Visit,
): Json {
    const { ResultSelector: selector } = state;
    const selected = selector === undefined ? result : fillPayload(selector, scopeOf(visit, result));
    return filter(state.OutputPath, placeResult(state.ResultPath, visit.rawInput, selected), visit);
}

/** A path of undefined is the whole value, null an empty object. */
export function filter(path: string | null | undefined, value: Json, visit: Visit): Json {
    if (path === null) return {};
    return path === undefined ? value : select(path, scopeOf(visit, value));
}

/** Throws a terminal States.DataLimitExceeded for more than the payload limit. `what` begins the message. */
export function refuseLarge(value: Json, what: string): void {
    const size = serialisedSize(value);
    if (size <= LARGEST_PAYLOAD) return;
    throw new StateFailure(
        FAILURES.dataLimit,
        `${what} with a size exceeding the maximum number of bytes service limit: ${size} of ${LARGEST_PAYLOAD}.`,
        { terminal: true, located: true },
    );
}
