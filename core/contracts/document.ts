import {
    isAlias,
    isCollection,
    isMap,
    isPair,
    isScalar,
    isSeq,
    LineCounter,
    type Node,
    parseDocument,
    type YAMLMap,
} from 'yaml';
import { type Complaint, type ContractProblem, shown } from './problem.ts';

const MAX_BYTES = 256 * 1024;
/** A contract is ten levels deep; more is a mistake or an attack. */
const MAX_DEPTH = 20;
const MAX_SYNTAX_PROBLEMS = 20;

export type Path = readonly (string | number)[];

/** A YAML document as plain values, which still knows where each of them stands. */
export interface YamlDocument {
    readonly file: string;
    readonly value: unknown;
    /** Line of the value at the path; of its nearest ancestor when there is nothing at the path. */
    lineOf(path: Path): number;
    /** The text of a scalar as written: `0.10`, not 0.1. */
    sourceOf(path: Path): string | undefined;
    problemAt(path: Path, complaint: Complaint): ContractProblem;
}

/**
 * Reads one YAML 1.2 document that anyone may have written: no aliases (nothing can be expanded), no tags,
 * no duplicate keys, at most 256 KB and 20 levels. Problems come back, nothing is thrown.
 */
export function readYaml(
    text: string,
    file: string,
): { readonly document: YamlDocument | undefined; readonly problems: readonly ContractProblem[] } {
    const bytes = Buffer.byteLength(text);
    if (bytes > MAX_BYTES) {
        const complaint = {
            expected: `at most ${MAX_BYTES} bytes`,
            found: `${bytes} bytes`,
            next: 'Check that this is a contract; split it, or shorten its lists',
        };
        return { document: undefined, problems: [{ file, line: 1, where: '', ...complaint }] };
    }
    const lines = new LineCounter();
    const parsed = parseDocument(text, { lineCounter: lines, stringKeys: true, prettyErrors: false });
    const problems = [...parsed.errors, ...parsed.warnings].slice(0, MAX_SYNTAX_PROBLEMS).map((error) => ({
        file,
        line: lines.linePos(error.pos[0]).line,
        where: '',
        expected: 'one well-formed YAML document',
        found: error.message.split('\n', 1)[0] ?? error.code,
        next: 'Correct the syntax on this line',
    }));
    if (problems.length > 0) return { document: undefined, problems };

    const root = parsed.contents as Node | null;
    const unsafe = unsafeNode(root);
    if (unsafe !== undefined) {
        const line = lineAt(lines, unsafe.node);
        return { document: undefined, problems: [{ file, line, where: '', ...unsafe.complaint }] };
    }
    const document = locatable(file, root, parsed.toJS({ maxAliasCount: 0 }), lines);
    return { document, problems: [] };
}

/** The path as people write it: `schema[0].name`. */
export function pathText(path: Path): string {
    return path.reduce<string>((text, step) => {
        if (typeof step === 'number') return `${text}[${step}]`;
        // Keys come from outside: anything but a plain name is quoted and cut.
        const name = /^[\w-]{1,60}$/.test(step) ? step : shown(step);
        return text === '' ? name : `${text}.${name}`;
    }, '');
}

function locatable(file: string, root: Node | null, value: unknown, lines: LineCounter): YamlDocument {
    const lineOf = (path: Path) => lineAt(lines, locate(root, path).place);
    return {
        file,
        value,
        lineOf,
        sourceOf(path) {
            const { node } = locate(root, path);
            return isScalar(node) ? node.source : undefined;
        },
        problemAt: (path, complaint) => ({ file, line: lineOf(path), where: pathText(path), ...complaint }),
    };
}

/**
 * The node at the path, if there is one, and the place to point at: the key of a map entry (its value may start
 * lines later), the item of a list, or the nearest ancestor.
 */
function locate(root: Node | null, path: Path): { place: unknown; node: unknown } {
    let place: unknown = root;
    let node: unknown = root;
    for (const step of path) {
        const pair = entry(node, String(step));
        const next = isSeq(node) ? node.items[Number(step)] : pair?.value;
        if (next === undefined) return { place, node: undefined };
        place = pair?.key ?? next;
        node = next;
    }
    return { place, node };
}

function entry(node: unknown, key: string): YAMLMap['items'][number] | undefined {
    if (!isMap(node)) return undefined;
    return node.items.find((pair) => isScalar(pair.key) && pair.key.value === key);
}

function lineAt(lines: LineCounter, node: unknown): number {
    const range = (node as Node | null | undefined)?.range;
    return range ? lines.linePos(range[0]).line : 1;
}

/**
 * The first alias, or the first collection that lies too deep. A walk of its own: `visit` of the library makes a list of
 * ancestors for each node, which costs as much as a third of the parsing.
 */
function unsafeNode(node: unknown, depth = 0): { node: Node; complaint: Complaint } | undefined {
    if (isAlias(node)) {
        const found = `an alias of ${shown(node.source)}`;
        return { node, complaint: { expected: 'no YAML aliases', found, next: 'Write the value out in full' } };
    }
    if (isPair(node)) return unsafeNode(node.key, depth) ?? unsafeNode(node.value, depth);
    if (!isCollection(node)) return undefined;
    if (depth >= MAX_DEPTH) {
        const next = 'Contracts describe flat columns: take the nesting out';
        return { node, complaint: { expected: `at most ${MAX_DEPTH} levels`, found: 'more', next } };
    }
    for (const item of node.items) {
        const unsafe = unsafeNode(item, depth + 1);
        if (unsafe !== undefined) return unsafe;
    }
    return undefined;
}
