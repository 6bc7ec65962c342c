import { DataError } from '../errors.ts';
import type { ExperimentPlan } from './plan.ts';

/** Reads rows of `experiment_plans`, by experiment. Throws DataError naming the row that is no plan. */
export function readPlanRows(rows: readonly Readonly<Record<string, unknown>>[]): Map<string, ExperimentPlan> {
    return new Map(
        rows.map((row, index) => {
            const plan = parsed(row.plan);
            if (plan?.experimentId === undefined || plan.experimentId !== row.experiment_id) {
                throw new DataError(
                    `experiment_plans row ${index + 1}: expected the plan of ${String(row.experiment_id)} as JSON, ` +
                        'found something else; declare the plan again and rebuild',
                );
            }
            return [plan.experimentId, plan];
        }),
    );
}

function parsed(value: unknown): ExperimentPlan | undefined {
    try {
        return JSON.parse(String(value)) as ExperimentPlan;
    } catch {
        return undefined;
    }
}
