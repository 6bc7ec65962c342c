import { mkdtempSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createArchiveReader } from '#adapters/archive/reader.ts';
import type { Database } from '#adapters/duckdb/database.ts';
import { createStager } from '#adapters/duckdb/stager.ts';
import { createFileReader } from '#adapters/folder/reader.ts';
import type { Contract } from '#core/contracts/contract.ts';
import { createLedger } from '#core/ledger/ledger.ts';
import { aContract, contractsOf } from '#test/support/builders.ts';
import { createFakeExecutions } from '#test/support/fakes/executions.ts';
import { createMemoryBlobs } from '#test/support/fakes/memory-blobs.ts';
import { createMemoryControl } from '#test/support/fakes/memory-control.ts';
import { createMemoryLanding } from '#test/support/fakes/memory-landing.ts';
import { temporaryFolder } from '#test/support/temporary.ts';

/** Everything the ingest steps need, in memory, with a real reader and stager. */
export function anIngest(database: Database, contract: Contract = aContract()) {
    const now = () => '2026-01-02T00:00:00.000Z';
    const control = createMemoryControl();
    const archives = createArchiveReader(mkdtempSync(join(tmpdir(), 'cartlake-test-')));
    onTestFinished(archives.close);
    const context = {
        contracts: contractsOf(contract),
        landing: createMemoryLanding(),
        blobs: createMemoryBlobs(),
        control,
        ledger: createLedger(control, now),
        reader: createFileReader(),
        archives,
        stager: createStager(database),
        executions: createFakeExecutions(),
        now,
        maxFileBytes: 1e9,
    };
    return {
        context,
        /** Lands a text as a file. */
        async land(key: string, text: string | Buffer) {
            const path = join(await temporaryFolder(), 'source');
            await writeFile(path, text);
            return context.landing.land(key, path);
        },
    };
}
