import { canonicalJson } from '../../experiment/canonical.ts';
import type { ExperimentAnalysis } from '../../experiment/document.ts';
import type { ReportMeta } from './meta.ts';

/** The analysis as JSON, two spaces deep, keys sorted: equal analyses give equal bytes. Throws TypeError on NaN. */
export function renderExperimentJson(analysis: ExperimentAnalysis, meta: ReportMeta): string {
    return `${canonicalJson({ ...analysis, meta }, 2)}\n`;
}
