import type { TableVersion } from '../catalog/version.ts';
import { NO_TOTALS } from '../ledger/totals.ts';
import { graded, type MartQuality } from '../publish/quality.ts';
import type { RegisteredObject } from '../registry/registry.ts';
import { newestOf } from './inputs.ts';
import { runFiles } from './run.ts';
import type { StepContext } from './steps.ts';

/**
 * Freshness and completeness of a version that is about to be published.
 *
 * @param objectsOf what the run froze of a dataset: a file that arrived since is not in the table
 */
export async function qualityOf(
    context: StepContext,
    objectsOf: (dataset: string) => Promise<readonly RegisteredObject[]>,
    version: TableVersion,
): Promise<MartQuality> {
    const { blobs, control, graph, ledger } = context;
    const datasets = [...context.contracts.keys()].filter((name) => graph.downstream(name).includes(version.model));
    const totals = await ledger.totals();
    const rows = datasets.map((name) => (totals[name] ?? NO_TOTALS).rows);
    const objects = await Promise.all(datasets.map(objectsOf));
    const results = (await runFiles(blobs, control, version.run).checks(version.model))?.results;
    return graded({
        asOf: version.builtAt,
        watermark: newestOf(objects.flat()),
        read: rows.reduce((sum, { read }) => sum + read, 0),
        accepted: rows.reduce((sum, { accepted }) => sum + accepted, 0),
        checks: results && {
            passed: results.filter(({ status }) => status === 'pass').length,
            warned: results.filter(({ status }) => status !== 'pass').map(({ check }) => check),
        },
    });
}
