import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDatabase } from '#adapters/duckdb/database.ts';
import { describeStatement } from '#adapters/duckdb/describe.ts';
import { createDuckdbEngine } from '#adapters/duckdb/engine.ts';
import { PRELUDE } from '#adapters/duckdb/prelude.ts';
import { createStager } from '#adapters/duckdb/stager.ts';
import type { LocalEngine, Statement } from '#core/build/ports.ts';
import type { Stager } from '#core/ingest/ports.ts';
import type { BlobStore } from '#core/store/ports.ts';
import type { Column } from '#core/types.ts';
import type { Environment } from './environment.ts';

const MEGABYTE = 1024 * 1024;
/** Megabytes of a function that Node.js, parts being uploaded and DuckDB's own code take. */
const BESIDES_MB = 256;
const LEAST_MB = 64;

/**
 * Bytes DuckDB may use in a function. It goes over its limit for a moment where it writes Parquet, so a quarter of
 * what is left stays free: a function that runs out of memory dies without a word.
 */
export function duckdbMemory(environment: Environment): number {
    const share = Math.floor((environment.AWS_LAMBDA_FUNCTION_MEMORY_SIZE - BESIDES_MB) * 0.75);
    return (environment.CARTLAKE_MEMORY_MB ?? Math.max(share, LEAST_MB)) * MEGABYTE;
}

/** What computes in a function itself. */
export interface LocalEngines {
    readonly stager: Stager;
    readonly engine: LocalEngine;
    /** The columns of a statement's result, without reading a row. */
    describe(statement: Statement): Promise<Column[]>;
}

/** The engines of a function; a database opens when it is first used. */
export function createEngines(environment: Environment, blobs: BlobStore): LocalEngines {
    const limits = { temporary: join(tmpdir(), 'cartlake-duckdb'), memory: duckdbMemory(environment) };
    const models = createDatabase({ ...limits, prelude: PRELUDE });
    return {
        stager: createStager(createDatabase(limits)),
        engine: createDuckdbEngine(models, blobs),
        describe: (statement) => describeStatement(models, statement),
    };
}
