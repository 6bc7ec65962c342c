import { UsageError } from '../errors.ts';
import type { ModelGraph } from './graph.ts';
import { fillTemplate, type RefDates } from './template.ts';

/**
 * SQL text of a relation for a leaf: a dataset, a stored model or a built-in relation. It can stand after `from`. Rows
 * of other dates than asked for are no fault: a model's own text keeps them out of its rows.
 */
export type Bind = (leaf: string, dates: RefDates) => string;

/**
 * The statement of an SQL model with every ref replaced: leaves by what `bind` gives, views by their own rendered
 * statement in parentheses.
 *
 * @throws UsageError when there is no SQL model of that name.
 */
export function renderSql(graph: ModelGraph, name: string, bind: Bind): string {
    const model = graph.models.get(name);
    if (model?.language !== 'sql') {
        throw new UsageError(
            `expected an SQL model to render, found ${model === undefined ? `no model "${name}"` : `"${name}", which is written in TypeScript`}`,
        );
    }
    return fillTemplate(model.sql, (ref, dates) => relationSql(graph, ref, bind, dates));
}

/** SQL text of any relation that `ref()` can name. A TypeScript model's inputs are read with it. */
export function relationSql(graph: ModelGraph, name: string, bind: Bind, dates: RefDates = 'window'): string {
    if (graph.models.get(name)?.kind !== 'view') return bind(name, dates);
    return `(\n${renderSql(graph, name, bind)}\n)`;
}
