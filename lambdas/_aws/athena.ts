import { setTimeout as sleep } from 'node:timers/promises';
import { createAthenaClient } from '#adapters/athena/client.ts';
import { createAthenaEngine } from '#adapters/athena/engine.ts';
import { createQueries } from '#adapters/athena/queries.ts';
import { createGlueClient } from '#adapters/glue/client.ts';
import { createWorkTables } from '#adapters/glue/work-tables.ts';
import type { TableEngine } from '#core/build/ports.ts';
import type { BlobStore } from '#core/store/ports.ts';
import type { AthenaPlace } from './athena-place.ts';
import type { LocalEngines } from './duckdb.ts';

/** A function may wait for a small result as long as leaves it time to say that it took too long. */
const MOST_WAIT_MS = 10 * 60_000;

/** The engine of stages that compute tables; `watch` sees each client before it is used. */
export function createRemoteEngine(
    place: AthenaPlace,
    blobs: BlobStore,
    local: LocalEngines,
    watch: <Client>(client: Client) => Client,
): TableEngine {
    const { workgroup, workDatabase, lakeUri } = place;
    return createAthenaEngine({
        queries: createQueries(watch(createAthenaClient()), { workgroup, database: workDatabase }),
        tables: createWorkTables(watch(createGlueClient()), blobs, { database: workDatabase, lakeUri }),
        blobs,
        lakeUri,
        local: local.engine,
        describe: local.describe,
        now: () => new Date().toISOString(),
        mostWaitMs: MOST_WAIT_MS,
        sleep,
    });
}
