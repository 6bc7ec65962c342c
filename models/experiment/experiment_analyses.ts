import { STATISTICS } from '#core/experiment/version.ts';
import { uniqueKeyCheck } from '#core/models/header-checks.ts';
import type { TypeScriptModel } from '#core/models/model.ts';
import type { Column } from '#core/types.ts';

const COLUMNS: readonly Column[] = [
    { name: 'experiment_id', type: 'varchar' },
    { name: 'analysis', type: 'varchar' },
];

const REFS = [
    'int_analysis_moments',
    'int_analysis_exposures',
    'experiment_plans',
    'int_analysis_before',
    'int_experiment_cells',
    'int_experiment_distributions',
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
    refs: REFS,
    columns: COLUMNS,
    code: `2 ${STATISTICS}`,
    async build(inputs) {
        // Statistics are a third of the project's sources: they are loaded where there is something to analyse.
        if (inputs.rows('int_analysis_moments').length + inputs.rows('int_analysis_exposures').length === 0) return [];
        const { analyseAll } = await import('#core/experiment/analyse-all.ts');
        const { canonicalJson } = await import('#core/experiment/canonical.ts');
        return analyseAll((ref) => inputs.rows(ref)).map((analysis) => ({
            experiment_id: analysis.experimentId,
            analysis: canonicalJson(analysis),
        }));
    },
};
