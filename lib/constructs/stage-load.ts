import { STAGE_NAMES, STAGE_NEEDS, type StageName } from '#lambdas/_aws/permissions.ts';
import type { Sizes } from '../deployment/sizes.ts';

/** What a stage is busy with; decides its memory, disk and time. */
export type Load = keyof Sizes['memory'];

export function loadOf(stage: StageName): Load {
    const { duckdb, landing, lands } = STAGE_NEEDS[stage];
    if (lands) return 'files';
    if (!duckdb) return 'documents';
    return landing ? 'files' : 'tables';
}

/** Stages whose code needs DuckDB's native files beside it, and stages whose code does not. */
export const STAGES_WITH_DUCKDB = STAGE_NAMES.filter((stage) => STAGE_NEEDS[stage].duckdb);
export const STAGES_WITHOUT_DUCKDB = STAGE_NAMES.filter((stage) => !STAGE_NEEDS[stage].duckdb);
