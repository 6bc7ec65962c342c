import type { Contract } from './contract.ts';

const ANY = Symbol('*');
const ONE = Symbol('?');
type Token = string | typeof ANY | typeof ONE;

/**
 * The dataset whose file patterns match a file name, or undefined. Folders before the name and a `.gz` after it do
 * not count, nor does case; a `.zip` after it does not count unless a pattern names it. A pattern may hold `*` (any
 * characters) and `?` (one character).
 */
export function datasetOfFile(contracts: ReadonlyMap<string, Contract>, fileName: string): string | undefined {
    const name = (fileName.split(/[\\/]/).at(-1) ?? '').toLowerCase().replace(/\.gz$/, '');
    const inside = name.replace(/\.zip$/, '');
    return datasetOfName(contracts, name) ?? (inside === name ? undefined : datasetOfName(contracts, inside));
}

function datasetOfName(contracts: ReadonlyMap<string, Contract>, name: string): string | undefined {
    for (const { dataset, filePatterns } of contracts.values()) {
        if (filePatterns.some((pattern) => matches(pattern.toLowerCase(), name))) return dataset;
    }
    return undefined;
}

function matches(pattern: string, name: string): boolean {
    return name.startsWith(fixedStart(pattern)) && spellSameName(tokens(pattern), [...name]);
}

/** True when some file name matches both patterns. */
export function patternsOverlap(a: string, b: string): boolean {
    const [left, right] = [a.toLowerCase(), b.toLowerCase()];
    const [start, other] = [fixedStart(left), fixedStart(right)];
    return (start.startsWith(other) || other.startsWith(start)) && spellSameName(tokens(left), tokens(right));
}

/** What every name that matches begins with: most pairs are told apart by it. */
function fixedStart(pattern: string): string {
    const end = pattern.search(/[*?]/);
    return end === -1 ? pattern : pattern.slice(0, end);
}

function tokens(pattern: string): Token[] {
    return [...pattern].map((char) => (char === '*' ? ANY : char === '?' ? ONE : char));
}

/**
 * Whether both sides can spell the same text. `reached` holds the pairs of positions up to which they can; there is
 * no backtracking, so a pattern of many stars costs no more than one length times the other.
 */
function spellSameName(left: readonly Token[], right: readonly Token[]): boolean {
    const reached = Array.from({ length: left.length + 1 }, () => new Array<boolean>(right.length + 1).fill(false));
    reached[0]![0] = true;
    for (let row = 0; row <= left.length; row++) {
        for (let column = 0; column <= right.length; column++) {
            if (!reached[row]![column]) continue;
            const l = left[row];
            const r = right[column];
            // A star stands for nothing (step over it) or takes in what the other side has.
            if (l === ANY || r === ANY) {
                if (l !== undefined) reached[row + 1]![column] = true;
                if (r !== undefined) reached[row]![column + 1] = true;
            } else if (l !== undefined && r !== undefined && (l === r || l === ONE || r === ONE)) {
                reached[row + 1]![column + 1] = true;
            }
        }
    }
    return reached[left.length]![right.length]!;
}
