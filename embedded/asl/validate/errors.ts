import type { JsonObject } from '../json.ts';
import { checkNullablePath } from './expressions.ts';
import { arrayAt, at, checkFields, checkNumber, checkString, objectAt, type Report, shown } from './problems.ts';

const RETRIER = [
    'ErrorEquals',
    'IntervalSeconds',
    'MaxAttempts',
    'BackoffRate',
    'MaxDelaySeconds',
    'JitterStrategy',
    'Comment',
];
const CATCHER = ['ErrorEquals', 'Next', 'ResultPath', 'Comment'];
const REASONS = {
    Assign: 'variables (Assign) are not supported',
    Output: 'JSONata (Output) is not supported; use ResultPath',
};
/** The service's limits, in seconds: about three years, and a year. */
const LONGEST_INTERVAL = 99_999_999;
const LONGEST_DELAY = 31_622_400;

/** Reports what is wrong with Retry and Catch of a state. */
export function checkErrorHandling(state: JsonObject, path: string, report: Report): void {
    for (const { value, where, last } of members(state, 'Retry', path, report)) {
        checkFields(value, where, RETRIER, report);
        checkErrorEquals(value, where, last, report);
        checkNumber(value.IntervalSeconds, at(where, 'IntervalSeconds'), { least: 1, most: LONGEST_INTERVAL }, report);
        checkNumber(value.MaxAttempts, at(where, 'MaxAttempts'), { least: 0, most: LONGEST_INTERVAL }, report);
        checkNumber(value.MaxDelaySeconds, at(where, 'MaxDelaySeconds'), { least: 1, most: LONGEST_DELAY }, report);
        const rate = { least: 1, most: Number.MAX_SAFE_INTEGER, fraction: true };
        checkNumber(value.BackoffRate, at(where, 'BackoffRate'), rate, report);
        if (![undefined, 'FULL', 'NONE'].includes(value.JitterStrategy as string | undefined)) {
            report(at(where, 'JitterStrategy'), `expected FULL or NONE, found ${shown(value.JitterStrategy)}`);
        }
    }
    for (const { value, where, last } of members(state, 'Catch', path, report)) {
        checkFields(value, where, CATCHER, report, REASONS);
        checkErrorEquals(value, where, last, report);
        checkString(value.Next, at(where, 'Next'), report);
        checkNullablePath(value.ResultPath, at(where, 'ResultPath'), 'target', report);
    }
}

function members(state: JsonObject, field: 'Retry' | 'Catch', path: string, report: Report) {
    if (state[field] === undefined) return [];
    const all = arrayAt(state[field], at(path, field), report);
    return all.flatMap((member, index) => {
        const where = at(at(path, field), index);
        const value = objectAt(member, where, report);
        return value ? [{ value, where, last: index === all.length - 1 }] : [];
    });
}

function checkErrorEquals(value: JsonObject, path: string, last: boolean, report: Report): void {
    const where = at(path, 'ErrorEquals');
    const names = arrayAt(value.ErrorEquals, where, report);
    for (const [index, name] of names.entries()) checkString(name, at(where, index), report);
    if (!names.includes('States.ALL')) return;
    if (names.length > 1) report(where, 'States.ALL must stand alone');
    if (!last) report(where, 'States.ALL must come last: what follows is never reached');
}
