import { type ContractProblem, problemText } from '../../contracts/problem.ts';
import { UsageError } from '../../errors.ts';

/** One thing wrong with a plan: the place in its file, what was expected and found, and what to do. */
export type PlanProblem = ContractProblem;

/** Throws one UsageError that lists all problems, in order of file and line. Returns when there are none. */
export function refusePlans(problems: readonly PlanProblem[]): void {
    if (problems.length === 0) return;
    const sorted = [...problems].sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line);
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
    throw new UsageError([`${count} in the experiment plans:`, ...sorted.map((p) => `  ${problemText(p)}`)].join('\n'));
}
