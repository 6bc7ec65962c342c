import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from '#adapters/duckdb/database.ts';
import { createDuckdbEngine } from '#adapters/duckdb/engine.ts';
import { createFolderBlobs } from '#adapters/folder/blobs.ts';
import { isComputing } from '#core/build/ports.ts';
import type { PublishContext } from '#core/build/publish-run.ts';
import { publishRun } from '#core/build/publish-run.ts';
import { readRequests, requestBuild } from '#core/build/requests.ts';
import type { RunPlan } from '#core/build/run.ts';
import { buildStep, checkStep, finishStep, haltStep, planRun, promoteStep } from '#core/build/steps.ts';
import { createCatalog } from '#core/catalog/catalog.ts';
import { filesOf } from '#core/catalog/version.ts';
import type { Contract } from '#core/contracts/contract.ts';
import { DataError } from '#core/errors.ts';
import { createLedger } from '#core/ledger/ledger.ts';
import { compileModels } from '#core/models/compile.ts';
import type { TypeScriptModel } from '#core/models/model.ts';
import { register } from '#core/registry/registry.ts';
import { aColumn, aContract, anObject, aStagedObject } from './builders.ts';
import { createFakeExecutions, type FakeExecutions } from './fakes/executions.ts';
import { createMemoryControl, type MemoryControl } from './fakes/memory-control.ts';
import { createFakePublisher, type FakePublisher } from './fakes/publisher.ts';
import { temporaryFolder } from './temporary.ts';

/** A dataset by date of two columns: `id` and the timestamp `happened_at`, and a number that changes things. */
export function tinyContract(overrides: Parameters<typeof aContract>[0] = {}): Contract {
    return aContract({
        dataset: 'events',
        columns: [
            aColumn('id', { type: 'bigint', required: true }),
            aColumn('happened_at', { type: 'timestamp', required: true }),
            aColumn('amount', { type: 'bigint' }),
        ],
        key: ['id'],
        dateColumn: 'happened_at',
        ...overrides,
    });
}

/** An SQL model's file. `header` is YAML. */
export function aModel(name: string, header: string, sql: string): { name: string; text: string } {
    const lines = header.split('\n').map((line) => line.trim());
    const text = `/* ---\nmodel: ${name}\npurpose: A model of a test.\ngrain: one row per id\nkey: [id]\n${lines.join('\n')}\n--- */\n${sql}\n`;
    return { name: `models/${name}.sql`, text };
}

/** One row of the dataset `events`: id, instant, amount. */
export type EventRow = readonly [id: number, at: string, amount: number | null];

/** What one run of all steps did. */
export interface Ran {
    readonly run: string;
    readonly plan: RunPlan;
    readonly changed: readonly string[];
    readonly halted: readonly string[];
    /** Number of parts built, by model. */
    readonly parts: Readonly<Record<string, number>>;
}

export interface TinyLake {
    readonly context: PublishContext & {
        readonly control: MemoryControl;
        readonly executions: FakeExecutions;
        readonly publisher: FakePublisher;
    };
    /** Stages and registers rows as one object. */
    land(id: string, rows: readonly EventRow[], dataset?: string): Promise<void>;
    /** Asks for a build and runs the steps of the build machine, without publishing. */
    build(options?: { publish?: boolean }): Promise<Ran>;
    /** Rows that readers of a table see. */
    rows(model: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
    /** The same lake under other models or contracts. */
    under(changes: LakeSources): TinyLake;
}

export interface LakeSources {
    readonly models?: readonly { name: string; text: string }[];
    readonly typescriptModels?: readonly TypeScriptModel[];
    readonly contracts?: readonly Contract[];
}

/** A lake with its own control documents, a folder for blobs and a real SQL engine. */
export async function aTinyLake(database: Database, sources: LakeSources): Promise<TinyLake> {
    const root = await temporaryFolder();
    const blobs = createFolderBlobs(root);
    const control = createMemoryControl();
    let second = 0;
    const now = () => new Date(Date.UTC(2026, 5, 1, 0, 0, second++)).toISOString();
    const stores = {
        control,
        blobs,
        now,
        ledger: createLedger(control, now),
        catalog: createCatalog(control, blobs),
        engine: createDuckdbEngine(database, blobs),
        executions: createFakeExecutions(),
        publisher: createFakePublisher(),
        removeScratch: (folder: string) => rm(folder, { recursive: true, force: true }),
        readText: (path: string) => createReadStream(path),
    };
    return lakeOf(database, stores, sources);
}

type Stores = Omit<TinyLake['context'], 'graph' | 'contracts'>;

function lakeOf(database: Database, stores: Stores, sources: LakeSources): TinyLake {
    const datasets = sources.contracts ?? [tinyContract()];
    const graph = compileModels({
        files: sources.models ?? [],
        typescriptModels: sources.typescriptModels ?? [],
        datasets: datasets.map(({ dataset }) => dataset),
        dateDatasets: datasets.filter(({ dateColumn }) => dateColumn !== undefined).map(({ dataset }) => dataset),
    });
    const contracts = new Map(datasets.map((contract) => [contract.dataset, contract]));
    const context: TinyLake['context'] = { ...stores, graph, contracts };

    return {
        context,
        async land(id, rows, dataset = 'events') {
            const contract = contracts.get(dataset) as Contract;
            const file = `staging/${dataset}/${id}-${contract.fingerprint.slice(0, 8)}.parquet`;
            const folder = await context.blobs.scratch();
            const path = join(folder, 'part.parquet');
            const values = rows.map(([key, at, amount]) => `(${key}, timestamp '${at}', ${amount})`).join(', ');
            await database.session((session) =>
                session.run(
                    `copy (select id::bigint as id, happened_at, amount::bigint as amount, '${id}' as _source_uri
                     from (values ${values}) as rows(id, happened_at, amount)) to '${path}' (format parquet)`,
                ),
            );
            await context.blobs.put(file, path);
            await context.removeScratch(folder);
            const dates: Record<string, number> = {};
            for (const [, at] of rows) dates[at.slice(0, 10)] = (dates[at.slice(0, 10)] ?? 0) + 1;
            const newest = rows
                .map(([, at]) => at)
                .sort()
                .at(-1);
            const staged = aStagedObject(contract.dateColumn === undefined ? {} : dates, {
                contractFingerprint: contract.fingerprint,
                rows: { read: rows.length, accepted: rows.length, rejected: 0 },
                files: [file],
                newest: newest && `${newest.replace(' ', 'T')}.000Z`,
            });
            const object = anObject({ key: `landing/${dataset}/${id}.csv` });
            const landedAt = context.now();
            const { entry } = await context.ledger.receive({ object, dataset, size: 1, landedAt });
            await register(context.control, dataset, { id: entry.id, key: object.key, landedAt }, staged, entry.staged);
            await context.ledger.markStaged(entry.id, staged);
        },
        async build({ publish = false } = {}) {
            await requestBuild(context);
            const run = (await readRequests(context.control)).owner as string;
            const plan = await planRun(context, run);
            const changed: string[] = [];
            const parts: Record<string, number> = {};
            for (const model of plan.components.flat(2)) {
                try {
                    const built = await buildStep(context, run, model);
                    if (isComputing(built)) throw new Error('The engine of a tiny lake is local.');
                    if (!built.changed) continue;
                    await checkStep(context, run, model);
                    await promoteStep(context, run, model);
                    changed.push(model);
                    parts[model] = built.parts;
                } catch (error) {
                    if (!(error instanceof DataError)) throw error;
                    await haltStep(context, run, model, error.message);
                }
            }
            if (publish) await publishRun(context, run);
            const { halted } = await finishStep(context, run);
            context.executions.end(`build/${run}`, 'SUCCEEDED');
            return { run, plan, changed, halted, parts };
        },
        async rows(model) {
            const version = await context.catalog.current(model);
            const files = Object.values(version?.parts ?? {}).flatMap(filesOf);
            const input = {
                kind: 'files',
                files,
                uniform: true,
                columns: version?.columns ?? [],
                narrow: undefined,
            } as const;
            return context.engine.rows({
                inputs: new Map([['table', input]]),
                render: (bind) => `select * from ${bind('table')} as input order by all`,
            });
        },
        under: (changes) => lakeOf(database, stores, { ...sources, ...changes }),
    };
}
