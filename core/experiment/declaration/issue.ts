import type { z } from 'zod';
import type { Path, YamlDocument } from '../../contracts/document.ts';
import { shown } from '../../contracts/problem.ts';
import { closest } from '../../contracts/spelling.ts';
import { planDocument } from './document.ts';
import type { PlanProblem } from './problem.ts';

type Issue = z.core.$ZodIssue;

/** What the schema found wrong, with line numbers: one problem for every unknown key, one for anything else. */
export function problemsOfIssue(issue: Issue, document: YamlDocument): PlanProblem[] {
    const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
    if (issue.code === 'unrecognized_keys') {
        return issue.keys.slice(0, 50).map((key) => {
            const meant = closest(key, Object.keys(planDocument.shape));
            return document.problemAt([...path, key], {
                expected: 'only keys of an experiment plan',
                found: `the key ${shown(key)}`,
                next: meant === undefined ? 'Remove it' : `Did you mean \`${meant}\`?`,
            });
        });
    }
    const value = valueAt(document.value, path);
    const key = String(path.at(-1) ?? '');
    const next = value === undefined ? `Add \`${key}\`` : `Correct \`${key}\``;
    return [document.problemAt(path, { expected: expectation(issue), found: shown(value), next })];
}

function expectation(issue: Issue): string {
    switch (issue.code) {
        case 'invalid_type':
            return (
                { string: 'a text', array: 'a list', record: 'a map', object: 'a map', int: 'a whole number' }[
                    issue.expected as string
                ] ?? `a ${issue.expected}`
            );
        case 'invalid_value':
            return issue.values.map((value) => shown(value)).join(' or ');
        case 'too_small':
            if (issue.origin === 'string') return issue.message;
            return issue.origin === 'array' ? 'a list that is not empty' : `at least ${issue.minimum}`;
        case 'too_big':
            return `at most ${issue.maximum}`;
        default:
            return issue.message;
    }
}

function valueAt(root: unknown, path: Path): unknown {
    return path.reduce<unknown>((value, step) => {
        if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
        return (value as Record<string | number, unknown>)[step];
    }, root);
}
