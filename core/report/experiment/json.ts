import type { ExperimentAnalysis } from '../../experiment/document.ts';
import type { ReportMeta } from './meta.ts';

/**
 * The analysis as JSON, two spaces deep, keys sorted at every level: equal analyses give equal bytes.
 * Throws TypeError on a number JSON cannot hold: a NaN in the document is a fault to find, not a null to hide.
 */
export function renderExperimentJson(analysis: ExperimentAnalysis, meta: ReportMeta): string {
    return `${JSON.stringify(sorted({ ...analysis, meta }, 'analysis'), null, 2)}\n`;
}

function sorted(value: unknown, path: string): unknown {
    if (Array.isArray(value)) return value.map((item, index) => sorted(item, `${path}[${index}]`));
    if (typeof value === 'number' && !Number.isFinite(value)) {
        throw new TypeError(`expected a finite number at ${path}, found ${value}; give it a status instead`);
    }
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item, `${path}.${key}`)]));
}
