import { basename } from 'node:path';
import { readYaml } from '../../contracts/document.ts';
import type { ExperimentPlan } from '../plan.ts';
import { planDocument } from './document.ts';
import { problemsOfIssue } from './issue.ts';
import { planOf } from './plan-of.ts';
import { type PlanProblem, refusePlans } from './problem.ts';
import { ruleProblems } from './rules.ts';

/** A plan file of the project; `name` as it is shown in messages, ending in `<experiment>.yaml`. */
export interface PlanFile {
    readonly name: string;
    readonly text: string;
}

/** What one file says: a plan, or problems. */
export interface ReadPlan {
    readonly file: string;
    readonly plan: ExperimentPlan | undefined;
    readonly problems: readonly PlanProblem[];
}

/** Reads one plan without throwing. */
export function readPlan({ name, text }: PlanFile): ReadPlan {
    const { document, problems } = readYaml(text, name);
    if (document === undefined) return { file: name, plan: undefined, problems };
    const checked = planDocument.safeParse(document.value);
    if (!checked.success) {
        const misshapen = checked.error.issues.flatMap((issue) => problemsOfIssue(issue, document));
        // A misspelled key must not hide what else is wrong.
        const rest = planDocument.strip().safeParse(document.value);
        const further = rest.success ? ruleProblems(rest.data, document) : [];
        return { file: name, plan: undefined, problems: [...misshapen, ...further].slice(0, 100) };
    }
    const wrong = [...nameProblems(checked.data.experiment, name, document), ...ruleProblems(checked.data, document)];
    return { file: name, plan: wrong.length === 0 ? planOf(checked.data) : undefined, problems: wrong };
}

/** Reads all plans of a project, by experiment. Throws UsageError that lists the problems of all files. */
export function readPlans(files: readonly PlanFile[]): ReadonlyMap<string, ExperimentPlan> {
    const read = files.map(readPlan);
    refusePlans(read.flatMap(({ problems }) => problems));
    return new Map(read.map(({ plan }) => [plan!.experimentId, plan!]));
}

/** One file an experiment: the name says which, so no experiment can be declared twice. */
function nameProblems(experiment: string, file: string, document: Parameters<typeof ruleProblems>[1]): PlanProblem[] {
    const expected = `${experiment}.yaml`;
    if (basename(file) === expected) return [];
    const complaint = {
        expected: `a file named ${expected}`,
        found: basename(file),
        next: 'Rename the file, or correct `experiment`',
    };
    return [document.problemAt(['experiment'], complaint)];
}
