import { analyseExperiment } from '#core/experiment/analyse.ts';
import { canonicalJson } from '#core/experiment/canonical.ts';
import type { ExperimentAnalysis } from '#core/experiment/document.ts';
import { readPlanRows } from '#core/experiment/plan-rows.ts';
import { type ExposureRow, type MomentsRow, readExposureRows, readMomentsRows } from '#core/experiment/rows.ts';
import { uniqueKeyCheck } from '#core/models/header-checks.ts';
import type { ModelInputs, TypeScriptModel } from '#core/models/model.ts';
import type { Column } from '#core/types.ts';

const COLUMNS: readonly Column[] = [
    { name: 'experiment_id', type: 'varchar' },
    { name: 'analysis', type: 'varchar' },
];

const KEY = ['experiment_id'];

/** Every experiment analysed once; pages and result rows are other forms of the same document. */
export const experimentAnalyses: TypeScriptModel = {
    language: 'typescript',
    name: 'experiment_analyses',
    purpose: 'What each experiment shows, as the whole document its page is drawn from.',
    grain: 'one row per experiment',
    key: KEY,
    kind: 'table',
    dateColumn: undefined,
    lookback: 0,
    lookahead: 0,
    watermark: undefined,
    checks: [
        uniqueKeyCheck(KEY),
        { name: 'not_null_analysis', severity: 'halt', kind: 'not_null', columns: ['analysis'] },
    ],
    publish: undefined,
    refs: ['experiment_moments', 'experiment_exposure_counts', 'experiment_plans'],
    columns: COLUMNS,
    code: '1',
    build: (inputs) =>
        analyseAll(inputs).map((analysis) => ({
            experiment_id: analysis.experimentId,
            analysis: canonicalJson(analysis),
        })),
};

/** The analyses of all experiments that have rows, in the order of their names. */
export function analyseAll(inputs: ModelInputs): ExperimentAnalysis[] {
    const moments = Map.groupBy(readMomentsRows(inputs.rows('experiment_moments')), byExperiment);
    const exposures = Map.groupBy(readExposureRows(inputs.rows('experiment_exposure_counts')), byExperiment);
    const plans = readPlanRows(inputs.rows('experiment_plans'));
    const ids = [...new Set([...moments.keys(), ...exposures.keys()])].sort();
    return ids.map((experimentId) =>
        analyseExperiment({
            experimentId,
            moments: moments.get(experimentId) ?? [],
            exposures: exposures.get(experimentId) ?? [],
            plan: plans.get(experimentId),
        }),
    );
}

function byExperiment(row: MomentsRow | ExposureRow): string {
    return row.experimentId;
}
