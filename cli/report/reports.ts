import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { UsageError } from '#core/errors.ts';
import type { ExperimentAnalysis } from '#core/experiment/document.ts';
import { ANALYSIS_FORMAT } from '#core/experiment/version.ts';
import { objectsOf } from '#core/registry/registry.ts';
import type { ReportMeta } from '#core/report/experiment/meta.ts';
import { writeExperimentReports } from '#core/report/experiment-reports.ts';
import type { BlobStore } from '#core/store/ports.ts';
import type { Runtime } from '#embedded/runtime.ts';

/** One experiment's decision as it was written. */
export interface StoredReport {
    readonly analysis: ExperimentAnalysis & { readonly meta: ReportMeta };
    /** Address of the page: `file://` or `s3://`. */
    readonly page: string;
}

const FOLDER = 'reports/experiments';

/**
 * The decisions of a lake, or the one of an experiment. Pages that are missing are written again from the tables.
 *
 * @throws UsageError when there is no such experiment, or the analyses were made by an earlier version
 */
export async function reportsOf(
    { context }: Pick<Runtime, 'context'>,
    lake: string,
    experiment: string | undefined,
): Promise<StoredReport[]> {
    const addressOf = (key: string) => pathToFileURL(join(lake, key)).href;
    const stored = await readReports(context.blobs, addressOf);
    const wanted = (reports: readonly StoredReport[]) => reportsAbout(reports, experiment);
    if (wanted(stored).length > 0) return wanted(stored);
    await writeExperimentReports(context, await objectsOf(context.control, 'events'), context.now());
    const written = await readReports(context.blobs, addressOf);
    if (wanted(written).length > 0) return wanted(written);
    throw noSuchReport(written, experiment);
}

/** Those of an experiment, or all, that this version can read. */
export function reportsAbout(reports: readonly StoredReport[], experiment: string | undefined): StoredReport[] {
    return reports.filter(
        ({ analysis }) =>
            analysis.format === ANALYSIS_FORMAT && (experiment === undefined || analysis.experimentId === experiment),
    );
}

/** Why there is no report about an experiment, and what there is instead. */
export function noSuchReport(reports: readonly StoredReport[], experiment: string | undefined): UsageError {
    const known = reports.map(({ analysis }) => analysis.experimentId).join(', ');
    if (known !== '') return new UsageError(`There is no experiment "${experiment}". There is: ${known}.`);
    return new UsageError(
        'There is no experiment with exposed users in this lake yet. Ingest experiment_assignments and events first.',
    );
}

/** All decisions as they were written; `addressOf` says where a blob can be seen. */
export async function readReports(blobs: BlobStore, addressOf: (key: string) => string): Promise<StoredReport[]> {
    const keys = (await blobs.list(FOLDER)).map(({ key }) => key).filter((key) => key.endsWith('/report.json'));
    const reports: StoredReport[] = [];
    for (const key of keys) {
        const text = await blobs.readText(key);
        if (text === undefined) continue;
        const page = addressOf(key.replace(/report\.json$/, 'index.html'));
        reports.push({ analysis: JSON.parse(text) as StoredReport['analysis'], page });
    }
    return reports;
}
