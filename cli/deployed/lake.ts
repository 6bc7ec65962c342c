import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDatabase } from '#adapters/duckdb/database.ts';
import { createDuckdbEngine } from '#adapters/duckdb/engine.ts';
import { PRELUDE } from '#adapters/duckdb/prelude.ts';
import { untilEnded, untilIngested } from '#core/execution/outcome.ts';
import type { AnyLake } from '../anywhere.ts';
import type { Target } from '../globals.ts';
import { watchDeployedBuilds } from './outcome.ts';
import { useDeployment } from './use-deployment.ts';

interface Options {
    /** Bytes DuckDB may use. */
    readonly memory: number | undefined;
    /** Seconds to wait for the pipeline. */
    readonly patience: number | undefined;
}

const PATIENCE_SECONDS = 600;

/**
 * The lake of a deployed pipeline, over S3 and Step Functions with the rights of whoever asks. Questions are computed
 * here, on copies of the files they read; ingests and builds are left to the pipeline, which sweeps by itself under its
 * own contracts.
 */
export function useDeployedLake<T>(
    target: Target,
    { memory, patience = PATIENCE_SECONDS }: Options,
    work: (lake: AnyLake) => Promise<T>,
): Promise<T> {
    return useDeployment(target, async (pipeline) => {
        const temporary = await mkdtemp(join(tmpdir(), 'cartlake-'));
        const models = createDatabase({ temporary, prelude: PRELUDE, ...(memory === undefined ? {} : { memory }) });
        const { contracts, graph, experiments } = pipeline;
        try {
            return await work({
                context: {
                    ...pipeline,
                    engine: createDuckdbEngine(models, pipeline.blobs),
                    now: () => new Date().toISOString(),
                    removeScratch: (folder) => rm(folder, { recursive: true, force: true }),
                },
                project: { contracts, graph, experiments },
                files: pipeline.files,
                temporary,
                addressOf: pipeline.uriOf,
                deliver: async () => undefined,
                sweep: async () => undefined,
                tidy: async () => 0,
                settle: async (objects = []) => {
                    await untilIngested(pipeline, objects, patience * 1_000);
                },
                untilReplayed: (name) => untilEnded(pipeline, 'replay', name, patience * 1_000),
                watchBuilds: () => watchDeployedBuilds(pipeline, patience * 1_000),
            });
        } finally {
            models.close();
            await rm(temporary, { recursive: true, force: true });
        }
    });
}
