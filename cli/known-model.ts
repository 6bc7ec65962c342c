import { closest } from '#core/contracts/spelling.ts';
import { UsageError } from '#core/errors.ts';
import type { ModelGraph } from '#core/models/graph.ts';
import type { Model } from '#core/models/model.ts';

/** The model a person names. Throws UsageError, with the name that was probably meant. */
export function knownModel(graph: ModelGraph, name: string): Model {
    const model = graph.models.get(name);
    if (model) return model;
    const meant = closest(name, graph.models.keys());
    const hint = meant === undefined ? '' : ` Did you mean "${meant}"?`;
    throw new UsageError(`There is no model "${name}".${hint} What there is: cartlake status`);
}
