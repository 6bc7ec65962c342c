import { describe, expect, it } from 'vitest';
import type { Model } from '#core/models/model.ts';
import { renderSources, sourcesOf } from '#core/report/experiment/sources.ts';

const model = (name: string, more: Partial<Model> = {}) =>
    [
        name,
        { name, language: 'sql', purpose: `About ${name}.`, grain: 'one row per thing', sql: 'select 1', ...more },
    ] as const;

const graph = {
    models: new Map([
        model('stg_events'),
        model('user_exposure', { publish: 'user_exposure' }),
        model('experiment_moments'),
        model('experiment_analyses', { language: 'typescript' } as Partial<Model>),
    ]) as unknown as ReadonlyMap<string, Model>,
    upstream: (name: string) =>
        ({
            experiment_analyses: ['experiment_moments', 'experiment_plans'],
            experiment_moments: ['user_exposure', 'stg_events'],
        })[name] ?? [],
};

describe('the statements behind a page', () => {
    it('are those of the tables an analysis reads, and of the published ones below them', () => {
        expect(sourcesOf(graph, 'experiment_analyses').map(({ name }) => name)).toEqual([
            'user_exposure',
            'experiment_moments',
        ]);
    });

    it('are none in a project without that model', () => {
        expect(sourcesOf(graph, 'other')).toEqual([]);
        expect(renderSources([], 'pdp')).toBeNull();
    });

    it('keep their lines, and say how to ask for the rows', () => {
        const [, moments] = sourcesOf(graph, 'experiment_analyses');
        const text = renderSources([{ ...moments!, sql: "select *\nfrom a -- '<b>'" }], 'pdp')?.markup;

        expect(text).toContain('<pre><code>select *\nfrom a -- &#39;&lt;b&gt;&#39;</code></pre>');
        expect(text).toContain('cartlake sql "select * from experiment_moments where experiment_id = &#39;pdp&#39;"');
        expect(renderSources([moments!], `p'; "x`)?.markup).toContain(
            'cartlake sql "select * from experiment_moments"',
        );
    });
});
