import { describe, expect, it } from 'vitest';
import { reachOf } from '#core/lineage/reach.ts';
import { compileModels } from '#core/models/compile.ts';
import type { Model } from '#core/models/model.ts';
import { aModel } from '#test/support/tiny-lake.ts';

const select = (...refs: string[]) =>
    refs.map((ref) => `select id, cast(happened_at as date) as day from {{ ref(${ref}) }}`).join(' union all ');
const byDate = (name: string, window: string, ...refs: string[]) =>
    aModel(name, `kind: by_date\ndate: day\n${window}`, select(...refs));

function reach(name: string, ...files: ReturnType<typeof aModel>[]) {
    const graph = compileModels({
        files,
        typescriptModels: [],
        datasets: ['events', 'users'],
        dateDatasets: ['events'],
    });
    return reachOf(graph, graph.models.get(name) as Model);
}

describe('how far rows of a date reach', () => {
    it('is the window of their model', () => {
        expect(reach('facts', byDate('facts', 'lookback: 2\nlookahead: 1', "'events'"))).toEqual([
            { dataset: 'events', daysBefore: 2, daysAfter: 1 },
        ]);
    });

    it('adds up along the tables in between, the widest way counts', () => {
        const facts = byDate('facts', 'lookback: 2', "'events'");
        const sums = byDate('sums', 'lookback: 3\nlookahead: 7', "'facts'", "'users'");
        const both = byDate('both', 'lookback: 1', "'sums'", "'events'");

        expect(reach('both', facts, sums, both)).toEqual([
            { dataset: 'events', daysBefore: 6, daysAfter: 7 },
            { dataset: 'users', daysBefore: 4, daysAfter: 7 },
        ]);
    });

    it('is the date alone where a model says so', () => {
        const facts = byDate('facts', 'lookback: 2', "'events', 'own dates'", "'users'");

        expect(reach('facts', facts)[0]).toEqual({ dataset: 'events', daysBefore: 0, daysAfter: 0 });
    });

    it('has no end for a model that looks at everything before', () => {
        const facts = byDate('facts', 'lookback: all\nlookahead: 7', "'events'");

        expect(reach('facts', facts)).toEqual([{ dataset: 'events', daysBefore: null, daysAfter: 7 }]);
    });

    it('has no end at all through a table that is not by date', () => {
        const facts = byDate('facts', 'lookback: 2', "'events'");
        const users = aModel(
            'people',
            'kind: table',
            `select id, max(day) as happened_at from {{ ref('facts') }} group by id`,
        );
        const late = byDate('late', 'lookback: 1', "'people'", "'facts'");

        expect(reach('late', facts, users, late)).toEqual([{ dataset: 'events', daysBefore: null, daysAfter: null }]);
        expect(reach('people', facts, users)).toEqual([{ dataset: 'events', daysBefore: null, daysAfter: null }]);
    });
});
