import { describe, expect, it } from 'vitest';
import { analyseAll } from '#core/experiment/analyse-all.ts';
import { typeScriptProblems } from '#core/models/rules.ts';
import { experimentAnalyses } from '#models/experiment/experiment_analyses.ts';
import { experimentResults } from '#models/experiment/experiment_results.ts';

const moments = ['control', 'treatment'].flatMap((variant, arm) =>
    ['pdp', 'checkout'].map((experiment_id) => ({
        experiment_id,
        exposed_on: '2023-05-01',
        variant,
        dimension: 'all',
        segment: 'all',
        metric: 'purchased',
        count_units: 400n,
        mean_numerator: (20 + arm) / 400,
        m2_numerator: (20 + arm) * (1 - (20 + arm) / 400),
        mean_denominator: null,
        m2_denominator: null,
        comoment: null,
    })),
);
const exposures = moments.map(({ experiment_id, exposed_on, variant }) => ({
    experiment_id,
    exposed_on,
    variant,
    dimension: 'all',
    segment: 'all',
    count_units: 400n,
    count_exposed_before_assignment: 0n,
    count_window_cut: 0n,
    count_several_variants: 0n,
}));
const tables: Record<string, Record<string, unknown>[]> = {
    int_analysis_moments: moments,
    int_analysis_exposures: exposures,
};
const inputs = { rows: (ref: string) => tables[ref] ?? [] };
const analyses = await experimentAnalyses.build(inputs);
const results = await experimentResults.build({ rows: () => analyses });

describe('the model experiment_results', () => {
    it('is a model the project compiles', () => {
        expect(typeScriptProblems(experimentAnalyses)).toEqual([]);
        expect(typeScriptProblems(experimentResults)).toEqual([]);
    });

    it('returns exactly its columns in every row', () => {
        const names = experimentResults.columns.map((column) => column.name).sort();

        expect(results.length).toBeGreaterThan(0);
        for (const row of results) expect(Object.keys(row).sort()).toEqual(names);
    });

    it('analyses every experiment that has rows', () => {
        expect(analyseAll(inputs.rows).map((analysis) => analysis.experimentId)).toEqual(['checkout', 'pdp']);
        expect(new Set(results.map((row) => row.experiment_id))).toEqual(new Set(['checkout', 'pdp']));
    });

    it('returns nothing when there are no experiments', async () => {
        expect(await experimentAnalyses.build({ rows: () => [] })).toEqual([]);
        expect(await experimentResults.build({ rows: () => [] })).toEqual([]);
    });
});
