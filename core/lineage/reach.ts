import type { ModelGraph } from '../models/graph.ts';
import type { Model } from '../models/model.ts';
import type { DatasetReach } from '../publish/lineage.ts';

/** Days before and after a date; Infinity is without end. */
interface Span {
    readonly before: number;
    readonly after: number;
}

const ALL: Span = { before: Number.POSITIVE_INFINITY, after: Number.POSITIVE_INFINITY };
const NONE: Span = { before: 0, after: 0 };

/**
 * How far the rows of a date of a model reach into each dataset it is computed from: windows add up along the way, the
 * widest way counts. Rows of a table that is not by date may come from any date.
 */
export function reachOf(graph: ModelGraph, model: Model): DatasetReach[] {
    const reach = new Map<string, Span>();
    follow(graph, model, NONE, reach);
    const days = (number: number) => (Number.isFinite(number) ? number : null);
    return [...reach]
        .map(([dataset, { before, after }]) => ({ dataset, daysBefore: days(before), daysAfter: days(after) }))
        .sort((a, b) => (a.dataset < b.dataset ? -1 : 1));
}

function follow(graph: ModelGraph, model: Model, span: Span, reach: Map<string, Span>): void {
    const { only } = graph.ownDates(model.name);
    for (const input of graph.upstream(model.name)) {
        const window = only.has(input) ? NONE : windowOf(model);
        const wider = { before: span.before + window.before, after: span.after + window.after };
        const upstream = graph.models.get(input);
        if (upstream) {
            follow(graph, upstream, upstream.kind === 'by_date' ? wider : ALL, reach);
        } else if (graph.datasets.has(input)) {
            const known = reach.get(input) ?? NONE;
            const widest = { before: Math.max(known.before, wider.before), after: Math.max(known.after, wider.after) };
            reach.set(input, widest);
        }
    }
}

function windowOf({ kind, lookback, lookahead }: Model): Span {
    if (kind !== 'by_date') return ALL;
    return { before: lookback === 'all' ? Number.POSITIVE_INFINITY : lookback, after: lookahead };
}
