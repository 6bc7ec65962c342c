import { type Complain, textList } from './custom.ts';
import type { Path } from './document.ts';
import type { OdcsProperty, OdcsQualityRule } from './odcs.ts';
import { shown } from './problem.ts';

/**
 * The values a column is limited to. Since 3.1.0 the standard writes them as
 * `quality: [{metric: invalidValues, mustBe: 0, arguments: {validValues: [...]}}]`, before as
 * `quality: [{rule: validValues, validValues: [...]}]`. Rules of type `text` are for people; all others are refused,
 * because staging judges rows one by one and nothing else would run them.
 */
export function allowedValues(property: OdcsProperty, path: Path, complain: Complain): readonly string[] | undefined {
    let allowed: readonly string[] | undefined;
    for (const [index, rule] of (property.quality ?? []).entries()) {
        if (rule.type === 'text') continue;
        const at = [...path, 'quality', index];
        const values = validValues(rule, at);
        if (values === undefined || allowed !== undefined || property.logicalType !== 'string') {
            complain(at, {
                expected: 'at most one rule: invalidValues with arguments.validValues and mustBe 0, on a string',
                found: `${allowed === undefined ? 'a' : 'another'} rule ${shown(rule.metric ?? rule.rule ?? rule.type)}`,
                next: 'Remove it; checks of whole tables belong to the models',
            });
            continue;
        }
        allowed = [...new Set(textList(values, complain))];
        if (allowed.length === 0) {
            complain(values.path, { expected: 'at least one value', found: 'none', next: 'List the values' });
        }
    }
    return allowed;
}

/** A table-wide rule would look kept and is not; only text is let through. */
export function refuseTableRules(rules: readonly OdcsQualityRule[] | undefined, path: Path, complain: Complain): void {
    for (const [index, rule] of (rules ?? []).entries()) {
        if (rule.type === 'text') continue;
        complain([...path, index], {
            expected: 'only rules of type text on a whole dataset',
            found: `a rule ${shown(rule.metric ?? rule.rule ?? rule.type)}`,
            next: 'Write it as a check of a model',
        });
    }
}

function validValues(rule: OdcsQualityRule, at: Path): { value: unknown; path: Path } | undefined {
    if (rule.metric === 'invalidValues' && rule.mustBe === 0 && rule.arguments !== undefined) {
        return { value: rule.arguments.validValues, path: [...at, 'arguments', 'validValues'] };
    }
    if (rule.rule === 'validValues') return { value: rule.validValues, path: [...at, 'validValues'] };
    return undefined;
}
