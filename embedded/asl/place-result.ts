import { FAILURES, StateFailure } from './failure.ts';
import { isObject, type Json } from './json.ts';
import { parsePath, type Step } from './json-path/parse.ts';

/**
 * ResultPath: where a state's result goes in its raw input. Undefined or `$` is the result alone, null the input
 * alone. Missing objects on the way are made; an array index must exist.
 * Throws States.ResultPathMatchFailure when the input has another shape.
 */
export function placeResult(resultPath: string | null | undefined, rawInput: Json, result: Json): Json {
    if (resultPath === null) return rawInput;
    const { steps } = parsePath(resultPath ?? '$');
    return place(steps, rawInput, result, resultPath ?? '$');
}

function place(steps: readonly Step[], into: Json | undefined, result: Json, path: string): Json {
    const [step, ...rest] = steps;
    if (step === undefined) return result;
    if (step.kind === 'name' && (into === undefined || isObject(into))) {
        const member = into && Object.hasOwn(into, step.name) ? into[step.name] : undefined;
        return { ...into, [step.name]: place(rest, member, result, path) };
    }
    if (step.kind === 'index' && Array.isArray(into) && into.at(step.index) !== undefined) {
        return into.with(step.index, place(rest, into.at(step.index), result, path));
    }
    throw new StateFailure(
        FAILURES.resultPath,
        `Unable to apply ReferencePath ${path} to input ${JSON.stringify(into ?? null).slice(0, 500)}`,
    );
}
