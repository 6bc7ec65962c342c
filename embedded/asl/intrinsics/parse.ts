import { closingBracket, type JsonPath, parsePath } from '../json-path/parse.ts';
import { checkTemplate } from './format.ts';
import { ARITY } from './functions.ts';

/** What may stand between a call's parentheses. */
export type Argument =
    /** Text between single quotes, its backslashes still in it: States.Format reads them itself. */
    | { readonly kind: 'text'; readonly raw: string }
    | { readonly kind: 'literal'; readonly value: number | boolean | null }
    | { readonly kind: 'path'; readonly path: JsonPath }
    | Call;

/** One intrinsic function call: `States.Format('{}-{}', $.a, $.b)`. */
export interface Call {
    readonly kind: 'call';
    readonly name: string;
    readonly arguments: readonly Argument[];
    readonly text: string;
}

/** The service's limit on calls inside one field. */
const MOST_CALLS = 10;
const NAME = /\s*States\.([A-Za-z0-9]+)\s*\(/y;
const parsed = new Map<string, Call>();

/** Tells a call from a path. */
export function looksLikeIntrinsic(text: string): boolean {
    return text.trimStart().startsWith('States.');
}

/** Parses a call and the calls in it. Throws SyntaxError: unknown function, wrong number of arguments, quotes. */
export function parseIntrinsic(text: string): Call {
    const known = parsed.get(text);
    if (known) return known;
    const { call, next } = readCall(text, 0);
    if (text.slice(next).trim()) throw new SyntaxError(`'${text}' goes on after its closing parenthesis`);
    if (countCalls(call) > MOST_CALLS) throw new SyntaxError(`'${text}' nests more than ${MOST_CALLS} intrinsics`);
    parsed.set(text, call);
    return call;
}

function readCall(text: string, start: number): { call: Call; next: number } {
    NAME.lastIndex = start;
    const match = NAME.exec(text);
    const name = match?.[1];
    if (!match || name === undefined) throw new SyntaxError(`expected States.<Function>( in '${text}'`);
    const arity = ARITY[name];
    if (!arity) throw new SyntaxError(`unknown intrinsic States.${name}; known: ${Object.keys(ARITY).join(', ')}`);
    const found: Argument[] = [];
    let at = skipSpace(text, start + match[0].length);
    while (text[at] !== ')') {
        const { argument, next } = readArgument(text, at);
        found.push(argument);
        at = skipSpace(text, next);
        if (text[at] === ',') at = skipSpace(text, at + 1);
        else if (text[at] !== ')') throw new SyntaxError(`expected , or ) at character ${at + 1} of '${text}'`);
    }
    const [least, most] = arity;
    if (found.length < least || found.length > most) {
        const wanted = least === most ? `${least}` : most === Infinity ? `${least} or more` : `${least} to ${most}`;
        throw new SyntaxError(`States.${name} takes ${wanted} arguments, found ${found.length} in '${text}'`);
    }
    const template = found[0];
    if (name === 'Format' && template?.kind === 'text') checkTemplate(template.raw, found.length - 1);
    return { call: { kind: 'call', name, arguments: found, text: text.slice(start, at + 1).trim() }, next: at + 1 };
}

function readArgument(text: string, at: number): { argument: Argument; next: number } {
    if (text.startsWith('States.', at)) {
        const { call, next } = readCall(text, at);
        return { argument: call, next };
    }
    if (text[at] === "'") {
        const end = closingQuote(text, at);
        return { argument: { kind: 'text', raw: text.slice(at + 1, end) }, next: end + 1 };
    }
    const end = endOfArgument(text, at);
    const word = text.slice(at, end).trim();
    if (word.startsWith('$')) return { argument: { kind: 'path', path: parsePath(word) }, next: end };
    if (/^(true|false|null|-?\d+(\.\d+)?([eE][+-]?\d+)?)$/.test(word)) {
        return { argument: { kind: 'literal', value: JSON.parse(word) as number | boolean | null }, next: end };
    }
    throw new SyntaxError(`'${word}' in '${text}' is no path, number, call or text in single quotes`);
}

function closingQuote(text: string, open: number): number {
    for (let at = open + 1; at < text.length; at++) {
        if (text[at] === '\\') at++;
        else if (text[at] === "'") return at;
    }
    throw new SyntaxError(`'${text}' has an unclosed quote`);
}

/** A comma or parenthesis inside a path's brackets belongs to the path. */
function endOfArgument(text: string, start: number): number {
    for (let at = start; at < text.length; at++) {
        if (text[at] === '[') at = closingBracket(text, at);
        else if (text[at] === ',' || text[at] === ')') return at;
    }
    throw new SyntaxError(`'${text}' has an unclosed parenthesis`);
}

function skipSpace(text: string, at: number): number {
    let next = at;
    while (text[next] === ' ' || text[next] === '\n' || text[next] === '\t') next++;
    return next;
}

function countCalls(call: Call): number {
    return call.arguments.reduce((sum, argument) => sum + (argument.kind === 'call' ? countCalls(argument) : 0), 1);
}
