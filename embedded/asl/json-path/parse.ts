import { type Filter, parseFilter } from './filter.ts';

/** One step from a set of values to the next. */
export type Step =
    | { readonly kind: 'name'; readonly name: string }
    | { readonly kind: 'index'; readonly index: number }
    | { readonly kind: 'names'; readonly names: readonly string[] }
    | { readonly kind: 'indexes'; readonly indexes: readonly number[] }
    | { readonly kind: 'slice'; readonly from: number | undefined; readonly to: number | undefined }
    | { readonly kind: 'wildcard' }
    | { readonly kind: 'filter'; readonly filter: Filter }
    /** Each value and everything below it; the next step picks from those. */
    | { readonly kind: 'deep' };

/** A parsed path. */
export interface JsonPath {
    readonly text: string;
    /** `$` is the state's data, `$$` the context object. */
    readonly root: 'input' | 'context';
    readonly steps: readonly Step[];
    /** Only names and indexes: a Reference Path in the States Language. It has one value or none. */
    readonly definite: boolean;
}

const NAME = /[A-Za-z0-9_\u0080-\uffff-]+/y;
const QUOTED = /\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\s*/y;
const parsed = new Map<string, JsonPath>();

/** Parses a path of the JSONPath dialect. Throws SyntaxError that says what is wrong with it. */
export function parsePath(text: string): JsonPath {
    const known = parsed.get(text);
    if (known) return known;
    const root = text.startsWith('$$') ? 'context' : 'input';
    if (!text.startsWith('$')) throw new SyntaxError(`a path starts with $, found '${text}'`);
    const steps = parseSteps(text, root === 'context' ? 2 : 1);
    const definite = steps.every((step) => step.kind === 'name' || step.kind === 'index');
    const path: JsonPath = { text, root, steps, definite };
    parsed.set(text, path);
    return path;
}

/** The steps of a path that follow its root. */
export function parseSteps(text: string, start: number): Step[] {
    const steps: Step[] = [];
    let at = start;
    while (at < text.length) {
        const { found, next } = readStep(text, at);
        steps.push(...found);
        at = next;
    }
    if (steps.at(-1)?.kind === 'deep') throw new SyntaxError(`'${text}' ends in ..`);
    return steps;
}

function readStep(text: string, at: number): { found: Step[]; next: number } {
    if (text.startsWith('..', at)) {
        const deep: Step = { kind: 'deep' };
        if (text[at + 2] === '[') return { found: [deep], next: at + 2 };
        const { found, next } = readDotted(text, at + 2);
        return { found: [deep, ...found], next };
    }
    if (text[at] === '.') return readDotted(text, at + 1);
    if (text[at] === '[') {
        const end = closingBracket(text, at);
        return { found: [readBracket(text.slice(at + 1, end).trim(), text)], next: end + 1 };
    }
    if (at === 1 || (at === 2 && text.startsWith('$$'))) {
        throw new SyntaxError(`'${text}' refers to a variable; variables (Assign) are not supported`);
    }
    throw new SyntaxError(`expected . or [ at character ${at + 1} of '${text}'`);
}

function readDotted(text: string, at: number): { found: Step[]; next: number } {
    if (text[at] === '*') return { found: [{ kind: 'wildcard' }], next: at + 1 };
    NAME.lastIndex = at;
    const name = NAME.exec(text)?.[0];
    if (name === undefined) throw new SyntaxError(`expected a name at character ${at + 1} of '${text}'`);
    const next = at + name.length;
    if (text[next] === '(') throw new SyntaxError(`'${text}' calls a path function; use an intrinsic (States.*)`);
    return { found: [{ kind: 'name', name }], next };
}

/** Index of the bracket that closes the one at `open`; brackets inside quotes do not count. */
export function closingBracket(text: string, open: number): number {
    let depth = 0;
    let quote = '';
    for (let at = open; at < text.length; at++) {
        const char = text[at] as string;
        if (char === '\\') at++;
        else if (quote) quote = char === quote ? '' : quote;
        else if (char === "'" || char === '"') quote = char;
        else if (char === '[' || char === '(') depth++;
        else if ((char === ']' || char === ')') && --depth === 0) return at;
    }
    throw new SyntaxError(`'${text}' has an unclosed ${text[open]}`);
}

function readBracket(inside: string, text: string): Step {
    if (inside === '*') return { kind: 'wildcard' };
    if (inside.startsWith('?')) return { kind: 'filter', filter: parseFilter(inside.slice(1), parseSteps) };
    if (inside.startsWith("'") || inside.startsWith('"')) return readNames(inside, text);
    if (/^-?\d+$/.test(inside)) return { kind: 'index', index: Number(inside) };
    if (/^-?\d+(\s*,\s*-?\d+)+$/.test(inside)) return { kind: 'indexes', indexes: inside.split(',').map(Number) };
    const slice = /^(-?\d+)?\s*:\s*(-?\d+)?$/.exec(inside);
    if (!slice) throw new SyntaxError(`cannot read [${inside}] in '${text}'`);
    const bound = (part: string | undefined) => (part === undefined ? undefined : Number(part));
    return { kind: 'slice', from: bound(slice[1]), to: bound(slice[2]) };
}

function readNames(inside: string, text: string): Step {
    const names: string[] = [];
    for (let at = 0; ; at++) {
        QUOTED.lastIndex = at;
        const match = QUOTED.exec(inside);
        if (!match) throw new SyntaxError(`cannot read [${inside}] in '${text}'`);
        names.push((match[1] ?? match[2] ?? '').replace(/\\(.)/g, '$1'));
        at += match[0].length;
        if (at === inside.length) break;
        if (inside[at] !== ',') throw new SyntaxError(`cannot read [${inside}] in '${text}'`);
    }
    return names.length === 1 ? { kind: 'name', name: names[0] as string } : { kind: 'names', names };
}
