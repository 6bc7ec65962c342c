import { CONTEXT_MEMBERS } from '../execution.ts';
import { type Argument, looksLikeIntrinsic, parseIntrinsic } from '../intrinsics/parse.ts';
import { isObject, type Json } from '../json.ts';
import { parsePath } from '../json-path/parse.ts';
import { at, type Report, shown } from './problems.ts';

/** What a member's path may be. */
export type PathKind =
    /** Any path. */
    | 'path'
    /** One value or none: names and indexes only. */
    | 'reference'
    /** A reference into the state's input: ResultPath. */
    | 'target'
    /** A reference or an intrinsic. */
    | 'text'
    /** Any path or an intrinsic. */
    | 'payload';

/** Reports a path that does not parse or is of the wrong kind; undefined is no problem. */
export function checkPath(value: unknown, path: string, kind: PathKind, report: Report): void {
    const problem = value === undefined ? undefined : pathProblem(value, kind);
    if (problem !== undefined) report(path, problem);
}

/** Like `checkPath`; null is allowed too. */
export function checkNullablePath(value: unknown, path: string, kind: PathKind, report: Report): void {
    if (value !== null) checkPath(value, path, kind, report);
}

/** Reports what is wrong in a payload template: members named `x.$` hold a path or an intrinsic. */
export function checkPayload(value: Json | undefined, path: string, report: Report): void {
    if (Array.isArray(value)) {
        for (const [index, item] of value.entries()) checkPayload(item, at(path, index), report);
    }
    if (!isObject(value)) return;
    for (const [key, member] of Object.entries(value)) {
        if (!key.endsWith('.$')) checkPayload(member, at(path, key), report);
        else checkPath(member, at(path, key), 'payload', report);
        if (key.endsWith('.$') && key.slice(0, -2) in value) {
            report(at(path, key), `'${key.slice(0, -2)}' stands here twice, with and without .$`);
        }
    }
}

function pathProblem(value: unknown, kind: PathKind): string | undefined {
    if (typeof value !== 'string') return `expected a path, found ${shown(value)}`;
    try {
        if (looksLikeIntrinsic(value) && (kind === 'text' || kind === 'payload')) {
            return contextProblem(parseIntrinsic(value));
        }
        const parsed = parsePath(value);
        const { root, definite } = parsed;
        const problem = contextProblem({ kind: 'path', path: parsed });
        if (problem !== undefined) return problem;
        if (kind === 'target' && root === 'context') return `'${value}': results cannot go to the context object`;
        if (definite || kind === 'path' || kind === 'payload') return undefined;
        return `'${value}' is no reference path; only .name, ['name'] and [0] are allowed here`;
    } catch (error) {
        return (error as Error).message;
    }
}

/** The context object's members are known; a path to another could only fail. */
function contextProblem(argument: Argument): string | undefined {
    if (argument.kind === 'call')
        return argument.arguments.map(contextProblem).find((problem) => problem !== undefined);
    if (argument.kind !== 'path' || argument.path.root === 'input') return undefined;
    const [first] = argument.path.steps;
    if (first?.kind !== 'name' || (CONTEXT_MEMBERS as readonly string[]).includes(first.name)) return undefined;
    return `'${argument.path.text}': the context object has ${CONTEXT_MEMBERS.join(', ')} here, no ${first.name}`;
}
