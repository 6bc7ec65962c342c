import type { ExperimentAnalysis } from '#core/experiment/document.ts';
import type { ResultRow } from '#core/experiment/result-rows.ts';
import { uniqueKeyCheck } from '#core/models/header-checks.ts';
import type { TypeScriptModel } from '#core/models/model.ts';
import type { Column } from '#core/types.ts';

const COLUMNS: readonly (Column & { readonly name: keyof ResultRow })[] = [
    { name: 'experiment_id', type: 'varchar' },
    { name: 'metric', type: 'varchar' },
    { name: 'variant', type: 'varchar' },
    { name: 'dimension', type: 'varchar' },
    { name: 'segment', type: 'varchar' },
    { name: 'role', type: 'varchar' },
    { name: 'control', type: 'varchar' },
    { name: 'count_control_units', type: 'bigint' },
    { name: 'count_variant_units', type: 'bigint' },
    { name: 'control_value', type: 'double' },
    { name: 'variant_value', type: 'double' },
    { name: 'estimate', type: 'double' },
    { name: 'ci_low', type: 'double' },
    { name: 'ci_high', type: 'double' },
    { name: 'p_value', type: 'double' },
    { name: 'adjusted_p_value', type: 'double' },
    { name: 'anytime_low', type: 'double' },
    { name: 'anytime_high', type: 'double' },
    { name: 'anytime_p_value', type: 'double' },
    { name: 'lift', type: 'double' },
    { name: 'lift_low', type: 'double' },
    { name: 'lift_high', type: 'double' },
    { name: 'lift_status', type: 'varchar' },
    { name: 'status', type: 'varchar' },
    { name: 'reason', type: 'varchar' },
    { name: 'guardrail_verdict', type: 'varchar' },
    { name: 'verdict', type: 'varchar' },
];

const KEY = ['experiment_id', 'metric', 'variant', 'dimension', 'segment'];

/** The numbers of the experiment pages as rows, for dashboards and queries. */
export const experimentResults: TypeScriptModel = {
    language: 'typescript',
    name: 'experiment_results',
    purpose: 'What each experiment changed, by metric, variant and segment, and what to do about it.',
    grain: 'one row per experiment, metric, treatment variant and segment',
    key: KEY,
    kind: 'table',
    dateColumn: undefined,
    lookback: 0,
    lookahead: 0,
    watermark: undefined,
    checks: [
        uniqueKeyCheck(KEY),
        {
            name: 'not_null_status_verdict',
            severity: 'halt',
            kind: 'not_null',
            columns: ['status', 'verdict'],
        },
    ],
    publish: 'experiment_results',
    refs: ['experiment_analyses'],
    columns: COLUMNS,
    code: '2',
    async build(inputs) {
        const analyses = inputs.rows('experiment_analyses');
        if (analyses.length === 0) return [];
        const { resultRows } = await import('#core/experiment/result-rows.ts');
        return analyses.flatMap(({ analysis }) => resultRows(JSON.parse(String(analysis)) as ExperimentAnalysis));
    },
};
