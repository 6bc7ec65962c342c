import type { ExperimentAnalysis } from '../../experiment/document.ts';
import { resultRows } from '../../experiment/result-rows.ts';
import { csvLine } from '../csv.ts';

/** Every comparison as a row of CSV (RFC 4180, headings first): the same rows as the mart `experiment_results`. */
export function renderExperimentCsv(analysis: ExperimentAnalysis): string {
    const rows = resultRows(analysis);
    const names = Object.keys(rows[0] ?? { experiment_id: '', metric: '', variant: '' });
    return [names, ...rows.map((row) => names.map((name) => row[name] ?? null))].map(csvLine).join('');
}
