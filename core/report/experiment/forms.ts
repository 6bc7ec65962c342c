import { analysisHash } from '../../experiment/canonical.ts';
import type { ExperimentAnalysis } from '../../experiment/document.ts';
import { renderExperimentCsv } from './csv.ts';
import { renderExperimentHtml } from './html.ts';
import { renderExperimentJson } from './json.ts';
import { renderExperimentMarkdown } from './markdown.ts';
import type { ReportMeta } from './meta.ts';
import type { MartSource } from './sources.ts';

/** The other forms beside the page. */
const LINKS: ReportMeta['links'] = [
    { label: 'JSON', href: 'report.json' },
    { label: 'CSV', href: 'report.csv' },
    { label: 'Markdown', href: 'report.md' },
];

/** What a report says about itself, with its hash and links filled in. */
export function reportMeta(
    analysis: ExperimentAnalysis,
    meta: Pick<ReportMeta, 'generatedAt' | 'dataThrough' | 'run'>,
): ReportMeta {
    return { ...meta, hash: analysisHash(analysis), links: LINKS };
}

/** A report in all its forms, by file name; the page comes first and shows the statements in `sources`. */
export function reportForms(
    analysis: ExperimentAnalysis,
    about: Pick<ReportMeta, 'generatedAt' | 'dataThrough' | 'run'>,
    sources: readonly MartSource[] = [],
): ReadonlyMap<string, string> {
    const meta = reportMeta(analysis, about);
    return new Map([
        ['index.html', renderExperimentHtml(analysis, meta, sources)],
        ['report.json', renderExperimentJson(analysis, meta)],
        ['report.csv', renderExperimentCsv(analysis)],
        ['report.md', renderExperimentMarkdown(analysis, meta)],
    ]);
}
