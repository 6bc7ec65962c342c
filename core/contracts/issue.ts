import type { z } from 'zod';
import type { Path, YamlDocument } from './document.ts';
import { type ContractProblem, shown } from './problem.ts';

type Issue = z.core.$ZodIssue;

/** Of one map; each is looked up in the document. */
const MAX_KEYS = 100;

/** Keys whose format is not visible from their type. */
const NEXT: Readonly<Record<string, string>> = {
    version: 'Write the contract version as `version: 1.0.0` (three numbers)',
    apiVersion: 'Name the version of the standard, for example `apiVersion: v3.1.0`',
    schema: 'Describe one dataset in each contract file',
};

/** What the schema found wrong, as problems with line numbers: one for every unknown key, one for anything else. */
export function problemsOfIssue(issue: Issue, document: YamlDocument): ContractProblem[] {
    const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
    if (issue.code === 'unrecognized_keys') {
        return issue.keys.slice(0, MAX_KEYS).map((key) =>
            document.problemAt([...path, key], {
                expected: 'only keys of the Open Data Contract Standard v3',
                found: `the key ${shown(key)}`,
                next: 'Correct the spelling, or move it to customProperties or description',
            }),
        );
    }
    const value = valueAt(document.value, path);
    const name = String(path.at(-1) ?? '');
    const next = NEXT[name] ?? (value === undefined ? `Add \`${name}\`` : `Correct \`${name}\``);
    return [document.problemAt(path, { expected: expectation(issue), found: shown(value), next })];
}

/** Stands in for what is missing or wrong outside of `schema`, so that the schema can be judged all the same. */
const FRAME: Readonly<Record<string, unknown>> = {
    apiVersion: 'v3.1.0',
    kind: 'DataContract',
    id: 'unknown',
    version: '0.0.0',
    status: 'unknown',
    description: { purpose: 'unknown' },
};

/**
 * The document without its unknown keys and with a stand-in for a broken frame: a misspelled key at the top must not
 * hide what is wrong with the columns. Other mistakes of shape stay; guessing around them would report nonsense.
 */
export function mended(value: unknown, issues: readonly Issue[]): unknown {
    if (typeof value !== 'object' || value === null) return value;
    const copy = structuredClone(value) as Record<string, unknown>;
    for (const issue of issues) {
        const parent = valueAt(copy, issue.path as Path);
        if (issue.code === 'unrecognized_keys') {
            for (const key of issue.keys) delete (parent as Record<string, unknown>)[key];
        } else if (issue.path[0] !== 'schema' && issue.path[0] !== undefined) {
            const key = String(issue.path[0]);
            if (Object.hasOwn(FRAME, key)) copy[key] = FRAME[key];
            else delete copy[key];
        }
    }
    return copy;
}

function expectation(issue: Issue): string {
    switch (issue.code) {
        case 'invalid_type':
            return (
                { string: 'a text', array: 'a list', object: 'a map', record: 'a map' }[issue.expected as string] ??
                issue.expected
            );
        case 'invalid_value':
            return issue.values.length === 1 ? shown(issue.values[0]) : `one of ${issue.values.join(', ')}`;
        case 'too_small':
        case 'too_big': {
            const bound = issue.code === 'too_small' ? issue.minimum : issue.maximum;
            if (issue.origin === 'string') return 'a text that is not empty';
            return issue.exact ? `exactly ${bound}` : `at least ${bound}`;
        }
        case 'invalid_format':
            return `a text like ${issue.pattern ?? issue.format}`;
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
