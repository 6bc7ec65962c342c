import type { ModelGraph } from '#core/models/graph.ts';
import type { SqlModel } from '#core/models/model.ts';
import type { Markup } from '../markup.ts';
import { html } from '../markup.ts';

/** A table the analysis was computed from: what it is, and the statement that makes it. */
export type MartSource = Pick<SqlModel, 'name' | 'purpose' | 'grain' | 'sql'>;

/** The tables a model reads, and the published ones those are made from, in the order they are built. */
export function sourcesOf(graph: Pick<ModelGraph, 'models' | 'upstream'>, model: string): MartSource[] {
    if (!graph.models.has(model)) return [];
    const direct = graph.upstream(model).filter((name) => graph.models.has(name));
    const published = direct
        .flatMap((name) => graph.upstream(name))
        .filter((name) => graph.models.get(name)?.publish !== undefined);
    const wanted = new Set([...direct, ...published]);
    return [...graph.models.values()].filter((one): one is SqlModel => one.language === 'sql' && wanted.has(one.name));
}

/** The statements behind the page, and how to ask for the rows themselves. */
export function renderSources(sources: readonly MartSource[], experimentId: string): Markup | null {
    if (sources.length === 0) return null;
    // A name that needs quoting in a shell is left to the reader.
    const where = /^[\w-]+$/.test(experimentId) ? ` where experiment_id = '${experimentId}'` : '';
    return html`<details class="fold"><summary>Tables, and the SQL that makes them</summary>
<p>All rows of a table: <code>cartlake sql "select * from ${sources[0]!.name}${where}"</code>. The results of this page as rows: <code>cartlake sql "select * from experiment_results${where}"</code>.</p>
${sources.map(
    ({ name, purpose, grain, sql }) =>
        html`<details class="fold source"><summary>${name}</summary><p>${purpose} ${grain.charAt(0).toUpperCase()}${grain.slice(1)}.</p><pre><code>${{ markup: escapeLines(sql) }}</code></pre></details>`,
)}</details>`;
}

/** Line breaks are what a statement is read by: `html` would make spaces of them. */
function escapeLines(sql: string): string {
    return sql
        .trim()
        .split('\n')
        .map((line) => html`${line}`.markup)
        .join('\n');
}
