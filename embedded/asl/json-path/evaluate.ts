import { isObject, type Json, type JsonObject, sameJson } from '../json.ts';
import type { Comparison, Filter, Operand } from './filter.ts';
import type { JsonPath, Step } from './parse.ts';

/** The value of a path, wrapped, because null is a value; undefined when the path finds nothing. */
export type Found = { readonly value: Json } | undefined;

/**
 * Evaluates a path. A definite path gives its value or nothing. Any other gives the array of what it matches,
 * maybe empty, but nothing when the definite part in front of it already fails.
 */
export function evaluatePath(path: JsonPath, root: Json): Found {
    const values = walk(path.steps, root, root);
    if (values === undefined) return undefined;
    return { value: path.definite ? (values[0] as Json) : values };
}

/** Undefined when a step of the definite front part finds nothing. */
function walk(steps: readonly Step[], start: Json, root: Json): Json[] | undefined {
    let values: Json[] = [start];
    let definite = true;
    for (const step of steps) {
        const next: Json[] = [];
        for (const value of values) {
            const matches = apply(step, value, root);
            if (matches === undefined && definite) return undefined;
            if (matches) next.push(...matches);
        }
        values = next;
        definite &&= step.kind === 'name' || step.kind === 'index';
    }
    return values;
}

/** What a step finds in one value; undefined when the step does not fit the value. */
function apply(step: Step, value: Json, root: Json): Json[] | undefined {
    switch (step.kind) {
        case 'name':
            return isObject(value) ? member(value, step.name) : undefined;
        case 'names':
            return isObject(value) ? step.names.flatMap((name) => member(value, name) ?? []) : undefined;
        case 'index':
            return Array.isArray(value) ? item(value, step.index) : undefined;
        case 'indexes':
            return Array.isArray(value) ? step.indexes.flatMap((index) => item(value, index) ?? []) : undefined;
        case 'slice':
            return Array.isArray(value) ? value.slice(step.from ?? 0, step.to) : undefined;
        case 'wildcard':
            return children(value);
        case 'deep':
            return descendants(value);
        case 'filter':
            if (Array.isArray(value)) return value.filter((each) => holds(step.filter, each, root));
            return isObject(value) ? [value].filter((each) => holds(step.filter, each, root)) : undefined;
    }
}

function member(value: JsonObject, name: string): Json[] | undefined {
    return Object.hasOwn(value, name) ? [value[name] as Json] : undefined;
}

function item(value: Json[], index: number): Json[] | undefined {
    const found = value.at(index);
    return found === undefined ? undefined : [found];
}

function children(value: Json): Json[] {
    if (Array.isArray(value)) return value;
    return isObject(value) ? Object.values(value) : [];
}

function descendants(value: Json): Json[] {
    return [value, ...children(value).flatMap(descendants)];
}

function holds(filter: Filter, element: Json, root: Json): boolean {
    switch (filter.kind) {
        case 'and':
            return holds(filter.left, element, root) && holds(filter.right, element, root);
        case 'or':
            return holds(filter.left, element, root) || holds(filter.right, element, root);
        case 'not':
            return !holds(filter.filter, element, root);
        case 'exists':
            return resolve(filter.operand, element, root) !== undefined;
        case 'compare': {
            const left = resolve(filter.left, element, root);
            const right = resolve(filter.right, element, root);
            return compare(filter.operator, left, right);
        }
    }
}

function resolve(operand: Operand, element: Json, root: Json): Json | undefined {
    if (operand.kind === 'literal') return operand.value;
    return walk(operand.steps, operand.from === 'element' ? element : root, root)?.[0];
}

function compare(operator: Comparison, left: Json | undefined, right: Json | undefined): boolean {
    if (operator === '==') return left !== undefined && right !== undefined && sameJson(left, right);
    if (operator === '!=') return !compare('==', left, right);
    const ordered =
        (typeof left === 'number' && typeof right === 'number') ||
        (typeof left === 'string' && typeof right === 'string');
    if (!ordered) return false;
    const [a, b] = [left, right] as [number, number];
    if (operator === '<') return a < b;
    if (operator === '<=') return a <= b;
    return operator === '>' ? a > b : a >= b;
}
