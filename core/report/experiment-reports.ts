import { newestOf } from '../build/inputs.ts';
import type { DataRow } from '../build/ports.ts';
import { filesOf, type TableVersion } from '../catalog/version.ts';
import { UsageError } from '../errors.ts';
import { freezePlan } from '../experiment/declaration/freeze.ts';
import type { ExperimentAnalysis } from '../experiment/document.ts';
import type { ExperimentPlan } from '../experiment/plan.ts';
import { ANALYSIS_FORMAT } from '../experiment/version.ts';
import type { RegisteredObject } from '../registry/registry.ts';
import type { ControlStore } from '../store/ports.ts';
import type { IsoInstant } from '../types.ts';
import type { RecordContext } from './analysis-record.ts';
import { safeFileName } from './file-name.ts';

export interface ReportContext extends RecordContext {
    readonly control: ControlStore;
    /** Plans of experiments as the project's files declare them. */
    readonly experiments?: ReadonlyMap<string, ExperimentPlan> | undefined;
}

/** One experiment's decision page and its other forms, as blob keys. */
export interface ExperimentReport {
    readonly experimentId: string;
    readonly html: string;
    readonly markdown: string;
    readonly json: string;
    readonly csv: string;
}

/**
 * Writes the decision page of every experiment. The same tables give the same pages. A declared plan whose experiment
 * has exposed somebody is frozen now if it was not before.
 *
 * @throws UsageError when the analyses were made by a version whose documents look otherwise
 */
export async function writeExperimentReports(
    context: ReportContext,
    events: readonly RegisteredObject[],
    now: IsoInstant,
): Promise<ExperimentReport[]> {
    const { version, rows } = await analysesOf(context);
    if (rows.length === 0) return [];
    // A quarter of a second of loading that shops without experiments do without.
    const { reportForms, reportMeta } = await import('./experiment/forms.ts');
    const { sourcesOf } = await import('./experiment/sources.ts');
    const { recordAnalysis, recordTables } = await import('./analysis-record.ts');
    const about = {
        generatedAt: version?.builtAt ?? now,
        dataThrough: newestOf(events) ?? null,
        run: version?.run ?? null,
    };
    const tables = await recordTables(context);
    const sources = sourcesOf(context.graph, 'experiment_analyses');
    const reports: ExperimentReport[] = [];
    for (const row of rows) {
        const analysis = JSON.parse(String(row.analysis)) as ExperimentAnalysis;
        if (analysis.format !== ANALYSIS_FORMAT) {
            throw new UsageError(
                'The analyses of this lake are of an earlier Cartlake. Make them again: cartlake build',
            );
        }
        const { experimentId, exposure } = analysis;
        const declared = context.experiments?.get(experimentId);
        if (declared !== undefined && exposure.units > 0) await freezePlan(context.control, declared, now);
        const folder = `reports/experiments/${safeFileName(experimentId)}`;
        for (const [name, text] of reportForms(analysis, about, sources)) {
            await context.blobs.putText(`${folder}/${name}`, text);
        }
        await recordAnalysis(context, analysis, reportMeta(analysis, about), tables);
        reports.push({
            experimentId,
            html: `${folder}/index.html`,
            markdown: `${folder}/report.md`,
            json: `${folder}/report.json`,
            csv: `${folder}/report.csv`,
        });
    }
    return reports;
}

async function analysesOf({
    catalog,
    engine,
}: ReportContext): Promise<{ version: TableVersion | undefined; rows: DataRow[] }> {
    const version = await catalog.current('experiment_analyses');
    if (!version) return { version, rows: [] };
    const files = Object.values(version.parts).flatMap(filesOf);
    const table = { kind: 'files', files, uniform: true, columns: version.columns, narrow: undefined } as const;
    const rows = await engine.rows({
        inputs: new Map([['experiment_analyses', table]]),
        render: (bind) => `select * from ${bind('experiment_analyses')} as input order by experiment_id`,
    });
    return { version, rows };
}
