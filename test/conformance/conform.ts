import { tmpdir } from 'node:os';
import { createDatabase } from '#adapters/duckdb/database.ts';
import { describeStatement } from '#adapters/duckdb/describe.ts';
import { createDuckdbEngine } from '#adapters/duckdb/engine.ts';
import { PRELUDE } from '#adapters/duckdb/prelude.ts';
import { createFolderBlobs } from '#adapters/folder/blobs.ts';
import { createFolderControl } from '#adapters/folder/control.ts';
import type { Statement } from '#core/build/ports.ts';
import { PipelineError } from '#core/errors.ts';
import { objectsOf } from '#core/registry/registry.ts';
import { salesGroups } from '#core/report/sales/query.ts';
import { buildAll, comparingEngine, stepContext } from './build.ts';
import { type Comparer, type Comparison, createComparer } from './comparer.ts';
import { compareFixtures } from './fixtures.ts';
import { compareNarrowed } from './narrowed.ts';
import { type Place, workTablesOf } from './place.ts';
import { ingestShop, loadThisProject } from './shop.ts';

/** In types, and in rows of equal types. */
const KNOWN_TO_DIFFER = ['select cast(100 as decimal(18, 2)) / 3 as third', 'select cast(2.5e0 as bigint) as rounded'];

/**
 * Compares every statement of a build of a made-up shop (models, checks, inputs of TypeScript models), the one of its
 * sales report, and every model on the cases beside it.
 *
 * @throws PipelineError when a model is never compared on a row, or known differences are not found
 */
export async function conform(place: Place): Promise<Comparison[]> {
    const project = await loadThisProject();
    const blobs = createFolderBlobs(place.lake);
    const database = createDatabase({ temporary: tmpdir(), prelude: PRELUDE });
    const duckdb = createDuckdbEngine(database, blobs);
    const parts = {
        trino: place.trino.client,
        tables: workTablesOf(place, blobs),
        duckdb,
        describe: (statement: Statement) => describeStatement(database, statement),
    };
    await requireSight(createComparer(parts));
    const comparer = createComparer(parts);
    await ingestShop(place.lake, project);
    await compareNarrowed(comparer, project, createFolderControl(place.lake));
    let name = '';
    const engine = comparingEngine(duckdb, comparer, () => name);
    const context = stepContext(place.lake, project, engine);
    await buildAll(context, (model, step) => {
        name = step === 'check' ? `${model} (checks)` : model;
    });
    name = 'sales report';
    const objects = (dataset: string) => objectsOf(context.control, dataset);
    await salesGroups({ ...context, objects }, { from: undefined, to: undefined, category: undefined });
    await compareFixtures(comparer, project.graph, place.lake);
    database.close();
    for (const model of project.graph.components.flat(2)) {
        const { rows = 0 } = comparer.comparisons.get(model) ?? {};
        if (rows === 0) throw new PipelineError(`${model} was compared on no row. Add a case to its .test.json.`);
    }
    return [...comparer.comparisons.values()];
}

/** A comparison that finds nothing must find what is known to differ. */
async function requireSight(comparer: Comparer): Promise<void> {
    for (const sql of KNOWN_TO_DIFFER) await comparer.compare(sql, { inputs: new Map(), render: () => sql });
    const unseen = [...comparer.comparisons.values()].find(({ differences }) => differences.length === 0);
    if (unseen) throw new PipelineError(`The comparison is blind: it finds no difference in ${unseen.name}.`);
}
