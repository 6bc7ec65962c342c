import { analyseExperiment } from './analyse.ts';
import type { ExperimentAnalysis } from './document.ts';
import { readPlanRows } from './plan-rows.ts';
import { readBeforeRows, readCellRows, readValueRows } from './readings/rows.ts';
import { readExposureRows, readMomentsRows } from './rows.ts';

type RawRow = Readonly<Record<string, unknown>>;

/** The analyses of all experiments that have rows, in the order of their names. */
export function analyseAll(rows: (ref: string) => readonly RawRow[]): ExperimentAnalysis[] {
    const moments = byExperiment(readMomentsRows(rows('int_analysis_moments')));
    const exposures = byExperiment(readExposureRows(rows('int_analysis_exposures')));
    const before = byExperiment(readBeforeRows(rows('int_analysis_before')));
    const cells = byExperiment(readCellRows(rows('int_experiment_cells')));
    const values = byExperiment(readValueRows(rows('int_experiment_distributions')));
    const plans = readPlanRows(rows('experiment_plans'));
    const ids = [...new Set([...moments.keys(), ...exposures.keys()])].sort();
    return ids.map((experimentId) =>
        analyseExperiment({
            experimentId,
            moments: moments.get(experimentId) ?? [],
            exposures: exposures.get(experimentId) ?? [],
            before: before.get(experimentId),
            cells: cells.get(experimentId),
            values: values.get(experimentId),
            plan: plans.get(experimentId),
        }),
    );
}

function byExperiment<Row extends { readonly experimentId: string }>(rows: readonly Row[]): Map<string, Row[]> {
    return Map.groupBy(rows, ({ experimentId }) => experimentId);
}
