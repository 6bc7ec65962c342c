import { UsageError } from '../errors.ts';

/** One thing wrong with a contract file. */
export interface ContractProblem {
    readonly file: string;
    /** 1-based. */
    readonly line: number;
    /** Path inside the document, for example `schema[0].properties[2].logicalType`; empty for the document itself. */
    readonly where: string;
    readonly expected: string;
    readonly found: string;
    /** What to do about it. */
    readonly next: string;
}

/** A problem without its place; the reader of the document knows that. */
export type Complaint = Pick<ContractProblem, 'expected' | 'found' | 'next'>;

/** One line for people: place, expected, found, what to do. */
export function problemText(problem: ContractProblem): string {
    const where = problem.where === '' ? '' : ` ${problem.where}`;
    const next = /[.?]$/.test(problem.next) ? problem.next : `${problem.next}.`;
    return `${problem.file}:${problem.line}${where}: expected ${problem.expected}, found ${problem.found}. ${next}`;
}

/** Throws one UsageError that lists all problems, in order of file and line. Returns when there are none. */
export function refuse(problems: readonly ContractProblem[]): void {
    if (problems.length === 0) return;
    const sorted = [...problems].sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line);
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
    throw new UsageError([`${count} in the contracts:`, ...sorted.map((p) => `  ${problemText(p)}`)].join('\n'));
}

/** A value as it is shown in a message: short, one line, no control characters. */
export function shown(value: unknown): string {
    if (value === undefined) return 'nothing';
    if (Array.isArray(value)) return `a list of ${value.length}`;
    if (typeof value === 'object' && value !== null) return 'a map';
    const text = JSON.stringify(value) ?? String(value);
    return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
