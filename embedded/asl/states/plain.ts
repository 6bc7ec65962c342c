import { ruleHolds } from '../choice.ts';
import { effectiveInput, filter, outputOf, parametersOf } from '../data-flow.ts';
import type { ChoiceState, FailState, PassState, SucceedState } from '../definition.ts';
import { scopeOf, type Transition, type Visit } from '../execution.ts';
import { FAILURES, runtimeFailure, StateFailure } from '../failure.ts';
import { evaluate } from '../scope.ts';

/** Result, or Parameters, or the input, put where ResultPath says. */
export function runPass(state: PassState, visit: Visit): Transition {
    const given = parametersOf(state, effectiveInput(state, visit), visit);
    const result = state.Result === undefined ? given : state.Result;
    return { output: outputOf(state, result, visit), next: state.Next };
}

/** Throws States.NoChoiceMatched when no rule holds and there is no Default. */
export function runChoice(state: ChoiceState, visit: Visit): Transition {
    const input = effectiveInput(state, visit);
    const chosen = state.Choices.find((rule) => ruleHolds(rule, scopeOf(visit, input)));
    const next = chosen?.Next ?? state.Default;
    if (next === undefined)
        throw new StateFailure(FAILURES.noChoice, 'No rule of the Choice holds and it has no Default.');
    return { output: filter(state.OutputPath, input, visit), next };
}

/** Ends the group with the filtered input. */
export function runSucceed(state: SucceedState, visit: Visit): Transition {
    return { output: filter(state.OutputPath, effectiveInput(state, visit), visit), next: undefined };
}

/** The failure that a Fail state is. */
export function failureOf(state: FailState, visit: Visit): StateFailure {
    const error = text(state.Error, 'ErrorPath', state.ErrorPath, visit);
    const cause = text(state.Cause, 'CausePath', state.CausePath, visit);
    return new StateFailure(error ?? '', cause, { located: true });
}

function text(fixed: string | undefined, field: string, path: string | undefined, visit: Visit): string | undefined {
    if (path === undefined) return fixed;
    const value = evaluate(path, field, scopeOf(visit, visit.rawInput));
    if (typeof value === 'string') return value;
    throw runtimeFailure(`The value of ${field} '${path}' must be a string, found ${JSON.stringify(value)}`);
}
