import type { JsonObject } from '../json.ts';
import { parseTimestamp } from '../timestamp.ts';
import { checkChoices } from './choices.ts';
import { checkErrorHandling } from './errors.ts';
import { checkNullablePath, checkPath, checkPayload } from './expressions.ts';
import { FIELDS, REFUSED, REFUSED_IN_MAP } from './fields.ts';
import { checkMap } from './maps.ts';
import { at, checkFields, checkNumber, checkString, type Report, shown } from './problems.ts';
import { checkTask } from './task.ts';

const LONGEST_WAIT = 99_999_999;

/** Reports everything wrong inside one state; where it leads to is checked with its group. */
export function checkState(state: JsonObject, path: string, integrations: ReadonlySet<string>, report: Report): void {
    const type = state.Type as string;
    const allowed = Object.hasOwn(FIELDS, String(type)) ? FIELDS[type] : undefined;
    if (!allowed) {
        const known = Object.keys(FIELDS).join(', ');
        report(at(path, 'Type'), `expected one of ${known}, found ${shown(state.Type)}`);
        return;
    }
    checkFields(state, path, allowed, report, type === 'Map' ? REFUSED_IN_MAP : REFUSED);
    checkLanguage(state, path, report);
    checkNullablePath(state.InputPath, at(path, 'InputPath'), 'path', report);
    checkNullablePath(state.OutputPath, at(path, 'OutputPath'), 'path', report);
    checkNullablePath(state.ResultPath, at(path, 'ResultPath'), 'target', report);
    checkPayload(state.ResultSelector, at(path, 'ResultSelector'), report);
    if (allowed.includes('Next')) checkOnward(state, path, report);
    if (allowed.includes('Retry')) checkErrorHandling(state, path, report);
    if (type === 'Task') checkTask(state, path, integrations, report);
    if (type === 'Pass' || type === 'Parallel') checkPayload(state.Parameters, at(path, 'Parameters'), report);
    if (type === 'Choice') checkChoices(state, path, report);
    if (type === 'Wait') checkWait(state, path, report);
    if (type === 'Fail') checkFail(state, path, report);
    if (type === 'Map') checkMap(state, path, report);
}

/** JSONata is refused wherever a query language can be chosen. */
export function checkLanguage(value: JsonObject, path: string, report: Report): void {
    if (value.QueryLanguage === undefined || value.QueryLanguage === 'JSONPath') return;
    report(at(path, 'QueryLanguage'), `only JSONPath is supported, found ${shown(value.QueryLanguage)}`);
}

function checkOnward(state: JsonObject, path: string, report: Report): void {
    const ends = state.End === true;
    if (state.End !== undefined && typeof state.End !== 'boolean') {
        report(at(path, 'End'), `expected true, found ${shown(state.End)}`);
    }
    if (ends && state.Next !== undefined) report(at(path, 'Next'), 'stands beside End; keep one');
    if (!ends && state.Next === undefined) report(path, 'expected Next or End: true');
    if (state.Next !== undefined) checkString(state.Next, at(path, 'Next'), report);
}

function checkWait(state: JsonObject, path: string, report: Report): void {
    const kinds = ['Seconds', 'SecondsPath', 'Timestamp', 'TimestampPath'].filter((kind) => state[kind] !== undefined);
    if (kinds.length !== 1) {
        report(
            path,
            `expected one of Seconds, SecondsPath, Timestamp, TimestampPath, found ${kinds.join(' and ') || 'none'}`,
        );
    }
    checkNumber(state.Seconds, at(path, 'Seconds'), { least: 0, most: LONGEST_WAIT }, report);
    checkPath(state.SecondsPath, at(path, 'SecondsPath'), 'reference', report);
    checkPath(state.TimestampPath, at(path, 'TimestampPath'), 'reference', report);
    if (state.Timestamp !== undefined && parseTimestamp(state.Timestamp) === undefined) {
        report(at(path, 'Timestamp'), `expected a time such as 2026-01-31T00:00:00Z, found ${shown(state.Timestamp)}`);
    }
}

function checkFail(state: JsonObject, path: string, report: Report): void {
    for (const field of ['Error', 'Cause']) {
        const byPath = `${field}Path`;
        if (state[field] !== undefined) checkString(state[field], at(path, field), report);
        checkPath(state[byPath], at(path, byPath), 'text', report);
        if (state[field] !== undefined && state[byPath] !== undefined) {
            report(at(path, byPath), `stands beside ${field}; keep one`);
        }
    }
}
