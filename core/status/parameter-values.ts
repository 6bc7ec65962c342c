import type { Contract } from '../contracts/contract.ts';
import { closest } from '../contracts/spelling.ts';
import { UsageError } from '../errors.ts';
import type { ModelGraph } from '../models/graph.ts';
import type { Override } from './settings.ts';

/**
 * Refuses a value that no model asks for, where models choose between values: a misspelt one would silently be read
 * as another. Models choose when the contract's own value stands in their SQL as a text.
 *
 * @throws UsageError
 */
export function requireKnownValue(
    { dataset, parameter, value }: Override,
    contracts: ReadonlyMap<string, Contract>,
    graph: Pick<ModelGraph, 'models'>,
): void {
    const own = contracts.get(dataset)?.parameters[parameter];
    const texts = new Set(
        [...graph.models.values()].flatMap((model) =>
            model.language === 'sql' && model.refs.includes('contract_parameters') ? literalsOf(model.sql) : [],
        ),
    );
    if (value === '' || value === own || own === undefined || !texts.has(own) || texts.has(value)) return;
    const meant = closest(value, texts);
    throw new UsageError(
        `No model knows the value "${value}" of ${dataset}.${parameter}; it would change nothing. ` +
            (meant === undefined ? `The contract says ${own}.` : `Did you mean "${meant}"?`),
    );
}

function literalsOf(sql: string): string[] {
    return [...sql.replaceAll(/--.*$/gm, '').matchAll(/'([^']*)'/g)].map(([, text]) => text ?? '');
}
