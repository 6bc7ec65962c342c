import type { TableVersion } from '../catalog/version.ts';
import { type LedgerTotals, NO_TOTALS } from '../ledger/totals.ts';
import { graded, type MartQuality } from '../publish/quality.ts';
import type { RegisteredObject } from '../registry/registry.ts';
import { newestOf } from './inputs.ts';
import { runFiles } from './run.ts';
import type { StepContext } from './steps.ts';

/** What a run knows of all its tables. */
export interface RunFacts {
    /** What it froze of a dataset: a file that arrived since is not in the tables. */
    readonly objectsOf: (dataset: string) => Promise<readonly RegisteredObject[]>;
    readonly totals: LedgerTotals;
    /** Models it left at an earlier version. */
    readonly halted: readonly string[];
}

/** Freshness and completeness of a version that is published, or about to be. */
export async function qualityOf(
    context: StepContext,
    { objectsOf, totals, halted }: RunFacts,
    version: TableVersion,
): Promise<MartQuality> {
    const { blobs, control, graph } = context;
    const behind = halted.filter((name) => name === version.model || graph.downstream(name).includes(version.model));
    const datasets = [...context.contracts.keys()].filter((name) => graph.downstream(name).includes(version.model));
    const rows = datasets.map((name) => (totals[name] ?? NO_TOTALS).rows);
    const objects = await Promise.all(datasets.map(objectsOf));
    const results = (await runFiles(blobs, control, version.run).checks(version.model))?.results;
    return graded({
        asOf: version.builtAt,
        watermark: behind.length > 0 ? undefined : newestOf(objects.flat()),
        read: rows.reduce((sum, { read }) => sum + read, 0),
        accepted: rows.reduce((sum, { accepted }) => sum + accepted, 0),
        behind,
        checks: results && {
            passed: results.filter(({ status }) => status === 'pass').length,
            warned: results.filter(({ status }) => status !== 'pass').map(({ check }) => check),
        },
    });
}
