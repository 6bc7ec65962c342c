import { OPERATORS } from '../choice-operators.ts';
import type { JsonObject } from '../json.ts';
import { parseTimestamp } from '../timestamp.ts';
import { checkPath } from './expressions.ts';
import { arrayAt, at, checkFields, checkString, objectAt, type Report, shown } from './problems.ts';

const COMBINATIONS = ['And', 'Or', 'Not'];
const REASONS = {
    Condition: 'JSONata (Condition) is not supported; use Variable and an operator',
    Assign: 'variables (Assign) are not supported',
};

/** Reports what is wrong with the rules of a Choice state. */
export function checkChoices(state: JsonObject, path: string, report: Report): void {
    for (const [index, choice] of arrayAt(state.Choices, at(path, 'Choices'), report).entries()) {
        const where = at(at(path, 'Choices'), index);
        const rule = objectAt(choice, where, report);
        if (!rule) continue;
        checkString(rule.Next, at(where, 'Next'), report);
        checkRule(rule, where, ['Next', 'Comment'], report);
    }
}

function checkRule(rule: JsonObject, path: string, besides: readonly string[], report: Report): void {
    const tests = Object.keys(rule).filter((key) => COMBINATIONS.includes(key) || isTest(key));
    const [test] = tests;
    if (test === undefined || tests.length > 1) {
        report(path, `expected one of And, Or, Not or one comparison, found ${tests.join(' and ') || 'none'}`);
    }
    const combines = test !== undefined && COMBINATIONS.includes(test);
    checkFields(rule, path, [...besides, ...tests, ...(combines ? [] : ['Variable'])], report, REASONS);
    if (test === undefined) return;
    const where = at(path, test);
    if (test === 'Not') {
        const inner = objectAt(rule.Not, where, report);
        if (inner) checkRule(inner, where, [], report);
    } else if (combines) {
        for (const [index, member] of arrayAt(rule[test], where, report).entries()) {
            const inner = objectAt(member, at(where, index), report);
            if (inner) checkRule(inner, at(where, index), [], report);
        }
    } else {
        if (checkString(rule.Variable, at(path, 'Variable'), report)) {
            checkPath(rule.Variable, at(path, 'Variable'), 'path', report);
        }
        checkOperand(test, rule[test], where, report);
    }
}

function isTest(key: string): boolean {
    return key === 'IsPresent' || Object.hasOwn(OPERATORS, key);
}

function checkOperand(test: string, value: unknown, path: string, report: Report): void {
    const wanted = OPERATORS[test]?.operand ?? 'boolean';
    const fits = wanted === 'timestamp' ? parseTimestamp(value) !== undefined : typeof value === wanted;
    if (wanted === 'path') checkPath(value, path, 'path', report);
    else if (!fits) report(path, `expected a ${wanted}, found ${shown(value)}`);
}
