import { STATISTICS } from '#core/experiment/analyse.ts';
import { ANALYSIS_REFS, analyseAll } from '#core/experiment/analyse-all.ts';
import { canonicalJson } from '#core/experiment/canonical.ts';
import { uniqueKeyCheck } from '#core/models/header-checks.ts';
import type { TypeScriptModel } from '#core/models/model.ts';
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
    refs: ANALYSIS_REFS,
    columns: COLUMNS,
    code: `2 ${STATISTICS}`,
    build: (inputs) =>
        analyseAll((ref) => inputs.rows(ref)).map((analysis) => ({
            experiment_id: analysis.experimentId,
            analysis: canonicalJson(analysis),
        })),
};
