import { rm } from 'node:fs/promises';
import { createFolderBlobs } from '#adapters/folder/blobs.ts';
import { createFolderControl } from '#adapters/folder/control.ts';
import type { LocalEngine, TableEngine } from '#core/build/ports.ts';
import { isComputing } from '#core/build/ports.ts';
import { readRequests, requestBuild } from '#core/build/requests.ts';
import { buildStep, checkStep, finishStep, planRun, promoteStep, type StepContext } from '#core/build/steps.ts';
import { createCatalog } from '#core/catalog/catalog.ts';
import { createLedger } from '#core/ledger/ledger.ts';
import type { Project } from '#embedded/project.ts';
import { createFakeExecutions } from '#test/support/fakes/executions.ts';
import type { Comparer } from './comparer.ts';

/** A lake's folder under an engine of choice. */
export function stepContext(lake: string, project: Project, engine: TableEngine): StepContext {
    const now = () => new Date().toISOString();
    const control = createFolderControl(lake);
    const blobs = createFolderBlobs(lake);
    return {
        contracts: project.contracts,
        graph: project.graph,
        experiments: project.experiments,
        blobs,
        control,
        ledger: createLedger(control, now),
        catalog: createCatalog(control, blobs),
        engine,
        executions: createFakeExecutions(),
        now,
        removeScratch: (folder) => rm(folder, { recursive: true, force: true }),
    };
}

/** Runs the steps of one build, model after model. Returns the run. */
export async function buildAll(context: StepContext, onModel: (model: string, step: string) => void): Promise<string> {
    await requestBuild(context);
    const run = (await readRequests(context.control)).owner as string;
    const { components } = await planRun(context, run);
    for (const model of components.flat(2)) {
        onModel(model, 'build');
        for (;;) {
            const built = await buildStep(context, run, model);
            if (!isComputing(built)) break;
        }
        onModel(model, 'check');
        await checkStep(context, run, model);
        await promoteStep(context, run, model);
    }
    await finishStep(context, run);
    return run;
}

/** An engine that computes on DuckDB, and has every statement compared with Trino under the name `of` gives. */
export function comparingEngine(local: LocalEngine, comparer: Comparer, of: () => string): LocalEngine {
    return {
        ...local,
        async build(request) {
            await comparer.compare(of(), request.statement);
            return local.build(request);
        },
        async rows(statement) {
            await comparer.compare(of(), statement);
            return local.rows(statement);
        },
    };
}
