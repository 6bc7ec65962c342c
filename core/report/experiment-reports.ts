import { newestOf } from '../build/inputs.ts';
import type { DataRow, TableEngine } from '../build/ports.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { TableVersion } from '../catalog/version.ts';
import type { ExperimentAnalysis } from '../experiment/document.ts';
import type { RegisteredObject } from '../registry/registry.ts';
import type { BlobStore } from '../store/ports.ts';
import type { IsoInstant } from '../types.ts';
import { renderExperimentHtml } from './experiment/html.ts';
import { renderExperimentJson } from './experiment/json.ts';
import { renderExperimentMarkdown } from './experiment/markdown.ts';
import type { ReportMeta } from './experiment/meta.ts';
import { safeFileName } from './file-name.ts';

export interface ReportContext {
    readonly catalog: Pick<Catalog, 'current'>;
    readonly engine: Pick<TableEngine, 'rows'>;
    readonly blobs: BlobStore;
}

/** One experiment's decision page and its other forms, as blob keys. */
export interface ExperimentReport {
    readonly experimentId: string;
    readonly html: string;
    readonly markdown: string;
    readonly json: string;
}

/** Writes the decision page of every experiment. The same tables give the same pages. */
export async function writeExperimentReports(
    context: ReportContext,
    events: readonly RegisteredObject[],
    now: IsoInstant,
): Promise<ExperimentReport[]> {
    const analyses = await rowsOf(context, 'experiment_analyses');
    const reports: ExperimentReport[] = [];
    for (const row of analyses.rows) {
        const analysis = JSON.parse(String(row.analysis)) as ExperimentAnalysis;
        const { experimentId } = analysis;
        const meta: ReportMeta = {
            generatedAt: analyses.version?.builtAt ?? now,
            dataThrough: newestOf(events) ?? null,
            run: analyses.version?.run ?? null,
            links: [
                { label: 'JSON', href: 'report.json' },
                { label: 'Markdown', href: 'report.md' },
            ],
        };
        const folder = `reports/experiments/${safeFileName(experimentId)}`;
        const report = {
            experimentId,
            html: `${folder}/index.html`,
            markdown: `${folder}/report.md`,
            json: `${folder}/report.json`,
        };
        await context.blobs.putText(report.html, renderExperimentHtml(analysis, meta));
        await context.blobs.putText(report.markdown, renderExperimentMarkdown(analysis, meta));
        await context.blobs.putText(report.json, renderExperimentJson(analysis, meta));
        reports.push(report);
    }
    return reports;
}

async function rowsOf(
    { catalog, engine }: ReportContext,
    model: string,
): Promise<{ version: TableVersion | undefined; rows: DataRow[] }> {
    const version = await catalog.current(model);
    if (!version) return { version, rows: [] };
    const files = Object.values(version.parts).flatMap(({ file }) => file ?? []);
    const table = { kind: 'files', files, uniform: true, columns: version.columns, narrow: undefined } as const;
    const rows = await engine.rows({
        inputs: new Map([[model, table]]),
        render: (bind) => `select * from ${bind(model)} as input`,
    });
    return { version, rows };
}
