import { FAILURES, runtimeFailure, StateFailure } from './failure.ts';
import { withoutEscapes } from './intrinsics/format.ts';
import { applyIntrinsic } from './intrinsics/functions.ts';
import { type Argument, type Call, looksLikeIntrinsic, parseIntrinsic } from './intrinsics/parse.ts';
import type { Random } from './intrinsics/random.ts';
import { isObject, type Json, type JsonObject } from './json.ts';
import { evaluatePath } from './json-path/evaluate.ts';
import { type JsonPath, parsePath } from './json-path/parse.ts';

/** What expressions are evaluated against. */
export interface Scope {
    /** `$` */
    readonly input: Json;
    /** `$$` */
    readonly context: Json;
    readonly random: Random;
}

/** The value a path finds, wrapped; undefined when there is none. */
export function lookUp(path: JsonPath, scope: Scope): { readonly value: Json } | undefined {
    return evaluatePath(path, path.root === 'context' ? scope.context : scope.input);
}

/** InputPath, OutputPath, SecondsPath and their like. Throws States.Runtime when the path finds nothing. */
export function select(path: string, scope: Scope): Json {
    const found = lookUp(parsePath(path), scope);
    if (found) return found.value;
    throw runtimeFailure(`Invalid path '${path}': no results in the input ${shown(scope.input)}`);
}

/**
 * A payload template (Parameters, ResultSelector, ItemSelector): members whose name ends in `.$` are replaced by
 * what their path or intrinsic gives, also in nested objects and arrays.
 * Throws States.Runtime (a path finds nothing) and States.IntrinsicFailure.
 */
export function fillPayload(template: Json, scope: Scope): Json {
    if (Array.isArray(template)) return template.map((item) => fillPayload(item, scope));
    if (!isObject(template)) return template;
    const filled: JsonObject = {};
    for (const [key, value] of Object.entries(template)) {
        if (key.endsWith('.$')) filled[key.slice(0, -2)] = evaluate(value as string, key, scope);
        else filled[key] = fillPayload(value, scope);
    }
    return filled;
}

/** The value of an expression: a path or an intrinsic. `field` is named when it fails. */
export function evaluate(expression: string, field: string, scope: Scope): Json {
    if (looksLikeIntrinsic(expression)) return call(parseIntrinsic(expression), field, scope);
    return required(parsePath(expression), field, scope);
}

function required(path: JsonPath, field: string, scope: Scope): Json {
    const found = lookUp(path, scope);
    if (found) return found.value;
    const where = path.root === 'context' ? 'context object' : 'input';
    const searched = path.root === 'context' ? scope.context : scope.input;
    throw runtimeFailure(
        `The JSONPath '${path.text}' specified for the field '${field}' could not be found in the ${where} ${shown(searched)}`,
    );
}

function call(intrinsic: Call, field: string, scope: Scope): Json {
    const given = intrinsic.arguments.map((argument, index) =>
        intrinsic.name === 'Format' && index === 0 && argument.kind === 'text'
            ? argument.raw
            : argumentValue(argument, field, scope),
    );
    try {
        return applyIntrinsic(intrinsic.name, given, scope.random);
    } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new StateFailure(
            FAILURES.intrinsic,
            `The function '${intrinsic.text}' had the following error: ${reason}`,
        );
    }
}

function argumentValue(argument: Argument, field: string, scope: Scope): Json {
    if (argument.kind === 'text') return withoutEscapes(argument.raw);
    if (argument.kind === 'literal') return argument.value;
    return argument.kind === 'path' ? required(argument.path, field, scope) : call(argument, field, scope);
}

/** Enough of the data to recognise it in an error message. */
function shown(value: Json): string {
    const text = JSON.stringify(value);
    return text.length <= 500 ? `'${text}'` : `'${text.slice(0, 500)}...'`;
}
