import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createArchiveReader } from '#adapters/archive/reader.ts';
import { createDatabase } from '#adapters/duckdb/database.ts';
import { createDuckdbEngine } from '#adapters/duckdb/engine.ts';
import { PRELUDE } from '#adapters/duckdb/prelude.ts';
import { createStager } from '#adapters/duckdb/stager.ts';
import { createFolderBlobs } from '#adapters/folder/blobs.ts';
import { createFolderControl } from '#adapters/folder/control.ts';
import { uniqueName } from '#adapters/folder/disk.ts';
import { createFolderLanding } from '#adapters/folder/landing.ts';
import { createFileReader } from '#adapters/folder/reader.ts';
import type { PublishContext } from '#core/build/publish-run.ts';
import { createCatalog } from '#core/catalog/catalog.ts';
import type { Executions } from '#core/execution/executions.ts';
import { createLedger } from '#core/ledger/ledger.ts';
import type { IngestContext } from '#core/pipeline.ts';
import type { MartPublisher } from '#core/publish/publisher.ts';
import type { Project } from './project.ts';

/** Everything the stages need, over a folder and DuckDB. */
export interface EmbeddedContext extends IngestContext, PublishContext {
    /** Opens the engine of the models ahead of a build. */
    openEngine(): Promise<void>;
    close(): void;
}

export interface ContextOptions {
    /** The lake's folder, absolute. */
    readonly lake: string;
    readonly project: Project;
    readonly executions: Executions;
    readonly publisher: MartPublisher;
    /** Bytes each of the two DuckDBs (staging, models) may use. */
    readonly memory?: number | undefined;
}

const MOST_FILE_BYTES = 100e9;

export function createContext({ lake, project, executions, publisher, memory }: ContextOptions): EmbeddedContext {
    const now = () => new Date().toISOString();
    const control = createFolderControl(lake);
    const blobs = createFolderBlobs(lake);
    const limits = { temporary: join(lake, 'tmp', 'duckdb'), ...(memory === undefined ? {} : { memory }) };
    const staging = createDatabase(limits);
    const models = createDatabase({ ...limits, prelude: PRELUDE });
    const archives = createArchiveReader(join(lake, 'tmp', uniqueName()));
    return {
        contracts: project.contracts,
        graph: project.graph,
        experiments: project.experiments,
        landing: createFolderLanding(lake),
        blobs,
        control,
        ledger: createLedger(control, now),
        catalog: createCatalog(control, blobs),
        reader: createFileReader(),
        archives,
        stager: createStager(staging),
        engine: createDuckdbEngine(models, blobs),
        executions,
        publisher,
        now,
        maxFileBytes: MOST_FILE_BYTES,
        removeScratch: (folder) => rm(folder, { recursive: true, force: true }),
        readText: (path) => createReadStream(path),
        openEngine: models.open,
        close() {
            archives.close();
            staging.close();
            models.close();
        },
    };
}
