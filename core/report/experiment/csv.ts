import type { ExperimentAnalysis } from '../../experiment/document.ts';
import { resultRows } from '../../experiment/result-rows.ts';

/** Every comparison as a row of CSV (RFC 4180, headings first): the same rows as the mart `experiment_results`. */
export function renderExperimentCsv(analysis: ExperimentAnalysis): string {
    const rows = resultRows(analysis);
    const names = Object.keys(rows[0] ?? { experiment_id: '', metric: '', variant: '' });
    return [names, ...rows.map((row) => names.map((name) => row[name] ?? null))].map(csvLine).join('');
}

function csvLine(values: readonly (string | number | null)[]): string {
    return `${values.map(csvValue).join(',')}\r\n`;
}

/** A text that a spreadsheet would take for a formula gets a quote in front; numbers stay numbers. */
function csvValue(value: string | number | null): string {
    if (value === null) return '';
    if (typeof value === 'number') return String(value);
    const safe = /^[=+@\t\r-]/.test(value) ? `'${value}` : value;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
