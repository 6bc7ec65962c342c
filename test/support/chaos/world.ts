import { createArchiveReader } from '#adapters/archive/reader.ts';
import { createCatalog } from '#core/catalog/catalog.ts';
import { createLedger } from '#core/ledger/ledger.ts';
import { sweep } from '#core/ledger/sweep.ts';
import { compileModels } from '#core/models/compile.ts';
import type { ModelGraph } from '#core/models/graph.ts';
import type { EmbeddedContext } from '#embedded/context.ts';
import { stageHandlers } from '#embedded/stages.ts';
import type { Handler } from '#lambdas/_chain/chain.ts';
import { aColumn, aContract, contractsOf } from '../builders.ts';
import { createFakeTelemetry } from '../fakes/telemetry.ts';
import { createChaosExecutions } from './executions.ts';
import { lambdaContext } from './lambda-context.ts';
import { MODELS } from './objects.ts';
import { type PlantedFault, withEarlyPromotion, withLateLog, withoutConditions } from './planted.ts';
import { folderByFile, inTurns, publisherInTurns } from './ports.ts';
import { createRowEngine } from './row-engine.ts';
import { createRowReader, createRowStager } from './row-stager.ts';
import './stages-ahead.ts';
import { newStores } from './stores.ts';
import type { Turns } from './turns.ts';
import { watch } from './watch.ts';

/** What the files of the chaos tests may hold. */
export const CONTRACTS = contractsOf(
    aContract({
        dataset: 'events',
        columns: [
            aColumn('id', { type: 'bigint', required: true }),
            aColumn('day', { type: 'date', required: true }),
            aColumn('product', { type: 'bigint' }),
            aColumn('amount', { type: 'bigint' }),
        ],
        key: ['id'],
        dateColumn: 'day',
        filePatterns: ['events*.csv'],
    }),
    aContract({
        dataset: 'products',
        columns: [aColumn('product', { type: 'bigint', required: true }), aColumn('name')],
        key: ['product'],
        load: 'replace',
        dateColumn: undefined,
        filePatterns: ['products*.csv'],
    }),
    aContract({
        dataset: 'payments',
        columns: ['payment', 'account', 'amount'].map((name) => aColumn(name, { type: 'bigint', required: true })),
        key: ['payment'],
        dateColumn: undefined,
        filePatterns: ['payments*.csv'],
    }),
);

const GRAPH: ModelGraph = compileModels({
    files: MODELS,
    typescriptModels: [],
    datasets: [...CONTRACTS.keys()],
    dateDatasets: ['events'],
});

/** Pages are not part of this. */
const PAGES = { writeWorkbook: async () => undefined };

/**
 * The pipeline's own code (handlers, state machines, ledger, registry, plans, catalog) over stores in memory, with a
 * turn at every call of a port. `violations` lists what readers must never see and saw.
 */
export async function createWorld(turns: Turns, fault?: PlantedFault) {
    const stores = await newStores();
    const violations: string[] = [];
    let tick = 0;
    const now = () => new Date(Date.UTC(2026, 5, 1) + tick++).toISOString();
    const conditional = fault === 'no conditional put' ? withoutConditions(stores.control) : stores.control;
    const publisher = fault === 'publish without its log' ? withLateLog(stores.publisher, turns) : stores.publisher;
    watch(stores, publisher, violations);
    const control = inTurns(turns, 'control', conditional);
    const blobs = folderByFile(stores.disk, inTurns(turns, 'blobs', stores.blobs));
    const handlers = new Map<string, Handler>();
    const executions = createChaosExecutions(turns, handlers);
    const context: EmbeddedContext = {
        contracts: CONTRACTS,
        graph: GRAPH,
        experiments: new Map(),
        landing: inTurns(turns, 'landing', stores.landing),
        blobs,
        control,
        ledger: createLedger(control, now),
        catalog: createCatalog(control, blobs),
        reader: createRowReader(stores.disk),
        archives: createArchiveReader(''),
        stager: inTurns(turns, 'stager', createRowStager(stores.disk)),
        engine: inTurns(turns, 'engine', createRowEngine(stores.disk, stores.blobs.files)),
        executions: inTurns(turns, 'executions', executions),
        publisher: publisherInTurns(turns, publisher),
        now,
        maxFileBytes: 1e6,
        removeScratch: async (folder) => stores.disk.remove(folder),
        async *readText(path) {
            yield stores.disk.read(path);
        },
        ...PAGES,
        openEngine: async () => undefined,
        close: () => undefined,
    };
    for (const [name, handler] of stageHandlers(context, createFakeTelemetry())) handlers.set(name, handler);
    // The pages are about experiments, which this lake has none of.
    handlers.set('report', async () => ({ pages: 0 }));
    if (fault === 'promote before check') withEarlyPromotion(handlers, context);

    return {
        stores,
        violations,
        ledger: createLedger(stores.control, now),
        catalog: createCatalog(stores.control, stores.blobs),
        executions,
        /** Delivers an object as the queue does. Says whether the queue may forget it. */
        async deliver(name: string): Promise<boolean> {
            const { bucket, key, version } = stores.refs.get(name) as { bucket: string; key: string; version: string };
            const detail = { bucket: { name: bucket }, object: { key, 'version-id': version } };
            const body = JSON.stringify({ 'detail-type': 'Object Created', detail });
            const answer = await handlers.get('admit')?.(
                { Records: [{ messageId: 'm', body }] },
                lambdaContext('admit'),
            );
            return (answer as { batchItemFailures: unknown[] }).batchItemFailures.length === 0;
        },
        sweep: () => sweep(context),
    };
}

export type World = Awaited<ReturnType<typeof createWorld>>;
