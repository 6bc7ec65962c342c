import { OPERATORS } from './choice-operators.ts';
import type { ChoiceRule } from './definition.ts';
import { runtimeFailure } from './failure.ts';
import type { Json } from './json.ts';
import { parsePath } from './json-path/parse.ts';
import { lookUp, type Scope } from './scope.ts';

/**
 * Whether a Choice rule holds. Throws States.Runtime when a path of it finds nothing, except under IsPresent;
 * And and Or stop at the first test that decides.
 */
export function ruleHolds(rule: ChoiceRule, scope: Scope): boolean {
    if (rule.And) return rule.And.every((inner) => ruleHolds(inner, scope));
    if (rule.Or) return rule.Or.some((inner) => ruleHolds(inner, scope));
    if (rule.Not) return !ruleHolds(rule.Not, scope);
    const path = parsePath(rule.Variable as string);
    if (rule.IsPresent !== undefined) return (lookUp(path, scope) !== undefined) === rule.IsPresent;
    const [name, given] = Object.entries(rule).find(([key]) => Object.hasOwn(OPERATORS, key)) as [string, Json];
    const operator = OPERATORS[name];
    if (!operator) return false;
    const operand = operator.operand === 'path' ? valueAt(given as string, scope) : given;
    return operator.test(valueAt(path.text, scope), operand);
}

function valueAt(path: string, scope: Scope): Json {
    const found = lookUp(parsePath(path), scope);
    if (found) return found.value;
    throw runtimeFailure(`Invalid path '${path}': The choice state's condition path references an invalid value.`);
}
