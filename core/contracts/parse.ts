import { READ_ONCE } from '../read-once.ts';
import { compileContract } from './compile.ts';
import type { Contract } from './contract.ts';
import { readYaml } from './document.ts';
import { mended, problemsOfIssue } from './issue.ts';
import { odcsDocument } from './odcs.ts';
import { patternsOverlap } from './patterns.ts';
import { type ContractProblem, refuse } from './problem.ts';

/** A file of nothing but mistakes is not a contract; nobody reads on after a hundred. */
const MAX_ISSUES = 100;

/** A contract file of the project: `name` as it is shown in messages, ending in `<dataset>.odcs.yaml`. */
export interface ContractFile {
    readonly name: string;
    readonly text: string;
}

/** What one file says: a contract, or problems. */
export interface ReadContract {
    readonly file: string;
    readonly contract: Contract | undefined;
    readonly problems: readonly ContractProblem[];
}

/**
 * Compiles one contract. Throws UsageError that lists everything wrong with it, with line numbers.
 *
 * @example parseContract(await readFile('contracts/users.odcs.yaml', 'utf8'), 'contracts/users.odcs.yaml')
 */
export function parseContract(yamlText: string, fileName: string): Contract {
    const { contract, problems } = readContract({ name: fileName, text: yamlText });
    refuse(problems);
    return contract!;
}

/** Compiles all contracts of a project, by dataset. Throws UsageError that lists the problems of all files. */
export function parseContracts(files: readonly ContractFile[]): ReadonlyMap<string, Contract> {
    const read = files.map(readContract);
    refuse([...read.flatMap(({ problems }) => problems), ...conflicts(read)]);
    return new Map(read.map(({ contract }) => [contract!.dataset, contract!]));
}

/** Reads one contract without throwing. */
export function readContract({ name, text }: ContractFile): ReadContract {
    const { document, problems } = readYaml(text, name);
    if (document === undefined) return { file: name, contract: undefined, problems };
    const checked = odcsDocument.safeParse(document.value, READ_ONCE);
    if (checked.success) return { file: name, ...compileContract(checked.data, document) };
    const misshapen = checked.error.issues
        .slice(0, MAX_ISSUES)
        .flatMap((issue) => problemsOfIssue(issue, document))
        .slice(0, MAX_ISSUES);
    const rest = odcsDocument.safeParse(mended(document.value, checked.error.issues));
    const further = rest.success ? compileContract(rest.data, document).problems : [];
    return { file: name, contract: undefined, problems: [...misshapen, ...further] };
}

/** What is wrong between files: two contracts of one dataset, or a file name that would belong to two datasets. */
export function conflicts(read: readonly ReadContract[]): ContractProblem[] {
    const problems: ContractProblem[] = [];
    for (const [index, { file, contract }] of read.entries()) {
        for (const earlier of read.slice(0, index)) {
            if (contract === undefined || earlier.contract === undefined) continue;
            const complaint = conflict(contract, earlier.contract, earlier.file);
            if (complaint !== undefined) problems.push({ file, line: 1, where: '', ...complaint });
        }
    }
    return problems;
}

function conflict(contract: Contract, earlier: Contract, earlierFile: string) {
    if (contract.dataset === earlier.dataset) {
        const expected = `one contract of ${contract.dataset}`;
        return { expected, found: `another in ${earlierFile}`, next: 'Keep one of the two' };
    }
    for (const pattern of contract.filePatterns) {
        const other = earlier.filePatterns.find((candidate) => patternsOverlap(pattern, candidate));
        if (other === undefined) continue;
        const expected = 'file patterns that no file name matches twice';
        const found = `"${pattern}", which overlaps "${other}" of ${earlier.dataset}`;
        return { expected, found, next: 'Make one of the two narrower' };
    }
    return undefined;
}
