import { tmpdir } from 'node:os';
import { afterAll } from 'vitest';
import { createDatabase, type Database } from '#adapters/duckdb/database.ts';
import { PRELUDE } from '#adapters/duckdb/prelude.ts';

/** A DuckDB for the tests of one file, closed after the last. `models` has the dialect models are written in. */
export function testDatabase(kind: 'models' | 'staging' = 'models'): Database {
    const database = createDatabase({ temporary: tmpdir(), ...(kind === 'models' ? { prelude: PRELUDE } : {}) });
    afterAll(() => database.close());
    return database;
}
