import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createAthenaEngine } from '#adapters/athena/engine.ts';
import { createQueries, type Queries } from '#adapters/athena/queries.ts';
import type { RemoteBuildParts } from '#adapters/athena/remote-build.ts';
import type { Database } from '#adapters/duckdb/database.ts';
import { describeStatement } from '#adapters/duckdb/describe.ts';
import { createDuckdbEngine } from '#adapters/duckdb/engine.ts';
import { createFolderBlobs } from '#adapters/folder/blobs.ts';
import { createWorkTables } from '#adapters/glue/work-tables.ts';
import type { BuildRequest, BuiltTable, Computing, Statement, TableEngine } from '#core/build/ports.ts';
import { isComputing } from '#core/build/ports.ts';
import type { BlobStore } from '#core/store/ports.ts';
import { temporaryFolder } from '../temporary.ts';
import { createDuckdbExecutor } from './duckdb-executor.ts';
import { type QueryServices, startQueryServices } from './service.ts';

/** A lake's folder, and an Athena engine on it whose services are local. */
export interface AthenaLake {
    readonly root: string;
    readonly blobs: BlobStore;
    readonly services: QueryServices;
    readonly queries: Queries;
    readonly parts: RemoteBuildParts;
    readonly engine: TableEngine;
    /** Asks until the table is built. */
    build(request: BuildRequest): Promise<BuiltTable>;
    /** Moves the clock of the engine, in seconds. */
    pass(seconds: number): void;
    /** What the engine waited for between polls, in milliseconds. */
    readonly waits: readonly number[];
}

const START = Date.UTC(2026, 0, 1);

export async function anAthenaLake(database: Database): Promise<AthenaLake> {
    const root = await temporaryFolder();
    const blobs = createFolderBlobs(root);
    const services: QueryServices = await startQueryServices(
        createDuckdbExecutor(database, root, () => services.tables),
    );
    onTestFinished(() => services.close());
    const queries = createQueries(services.athena, { workgroup: 'cartlake-test', database: 'work' });
    let now = START;
    const waits: number[] = [];
    const parts: RemoteBuildParts = {
        queries,
        blobs,
        lakeUri: 's3://lake',
        tables: createWorkTables(services.glue, blobs, { database: 'work', lakeUri: 's3://lake' }),
        describe: (statement) => describeStatement(database, statement),
        now: () => new Date(now).toISOString(),
    };
    const engine = createAthenaEngine({
        ...parts,
        local: createDuckdbEngine(database, blobs),
        mostWaitMs: 10_000,
        sleep: async (ms) => void waits.push(ms),
    });
    return {
        root,
        blobs,
        services,
        queries,
        parts,
        engine,
        waits,
        async build(request) {
            for (;;) {
                const built: BuiltTable | Computing = await engine.build(request);
                if (!isComputing(built)) return built;
            }
        },
        pass: (seconds) => {
            now += seconds * 1_000;
        },
    };
}

/** A request for the rows of a statement that reads nothing. */
export function aRequest(sql: string, overrides: Partial<BuildRequest> = {}): BuildRequest {
    return {
        statement: statementOf(sql),
        key: ['id'],
        byDate: undefined,
        folder: '/nowhere',
        place: 'marts/m/run=r/batch=0',
        notes: 'runs/r/queries/m/batch=0.json',
        ...overrides,
    };
}

export const statementOf = (sql: string): Statement => ({ inputs: new Map(), render: () => sql });

export const inLake = (lake: AthenaLake, key: string) => join(lake.root, key);
