import { type ContractFile, conflicts, readContract } from './parse.ts';
import { problemText } from './problem.ts';

/** The answer of `cartlake contracts check`: every file with what is wrong with it. */
export interface ContractsReport {
    readonly ok: boolean;
    readonly files: readonly {
        readonly file: string;
        /** Undefined when the file does not get so far. */
        readonly dataset: string | undefined;
        readonly ok: boolean;
        /** One line each: file and line, expected, found, what to do. */
        readonly problems: readonly string[];
    }[];
}

/** Checks contract files, each by itself and against each other. Never throws. */
export function checkContracts(files: readonly ContractFile[]): ContractsReport {
    const read = files.map(readContract);
    const between = conflicts(read);
    const checked = read.map(({ file, contract, problems }) => {
        const all = [...problems, ...between.filter((problem) => problem.file === file)];
        const texts = all.toSorted((a, b) => a.line - b.line).map(problemText);
        return { file, dataset: contract?.dataset, ok: texts.length === 0, problems: texts };
    });
    return { ok: checked.every(({ ok }) => ok), files: checked };
}
