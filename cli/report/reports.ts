import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { UsageError } from '#core/errors.ts';
import { ANALYSIS_FORMAT } from '#core/experiment/analyse.ts';
import type { ExperimentAnalysis } from '#core/experiment/document.ts';
import { objectsOf } from '#core/registry/registry.ts';
import type { ReportMeta } from '#core/report/experiment/meta.ts';
import { writeExperimentReports } from '#core/report/experiment-reports.ts';
import type { Runtime } from '#embedded/runtime.ts';

/** One experiment's decision as it was written. */
export interface StoredReport {
    readonly analysis: ExperimentAnalysis & { readonly meta: ReportMeta };
    /** `file://` address of the page. */
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
    const stored = await readReports(context.blobs, lake);
    const wanted = (reports: readonly StoredReport[]) =>
        reports.filter(
            ({ analysis }) =>
                analysis.format === ANALYSIS_FORMAT &&
                (experiment === undefined || analysis.experimentId === experiment),
        );
    if (wanted(stored).length > 0) return wanted(stored);
    await writeExperimentReports(context, await objectsOf(context.control, 'events'), context.now());
    const written = await readReports(context.blobs, lake);
    if (wanted(written).length > 0) return wanted(written);
    const known = written.map(({ analysis }) => analysis.experimentId).join(', ');
    if (known !== '') throw new UsageError(`There is no experiment "${experiment}". There is: ${known}.`);
    throw new UsageError(
        'There is no experiment with exposed users in this lake yet. Ingest experiment_assignments and events first.',
    );
}

async function readReports(blobs: Runtime['context']['blobs'], lake: string): Promise<StoredReport[]> {
    const keys = (await blobs.list(FOLDER)).map(({ key }) => key).filter((key) => key.endsWith('/report.json'));
    const reports: StoredReport[] = [];
    for (const key of keys) {
        const text = await blobs.readText(key);
        if (text === undefined) continue;
        const page = pathToFileURL(join(lake, key.replace(/report\.json$/, 'index.html'))).href;
        reports.push({ analysis: JSON.parse(text) as StoredReport['analysis'], page });
    }
    return reports;
}
