import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { inChild } from './child.ts';
import type { IngestOutcome } from './tasks/ingest-in-pipeline.ts';
import type { Workspace } from './workspace.ts';

/** A lake's folder and the database its tables are published to. */
export interface Lake {
    readonly lake: string;
    readonly postgresUrl: string;
}

export async function newLake(workspace: Workspace): Promise<Lake> {
    return { lake: workspace.path('lake'), postgresUrl: await workspace.database() };
}

/** Ingests files into a lake; the project has no models, so nothing is built. */
export function ingest(lake: Lake, files: Readonly<Record<string, string>>): Promise<IngestOutcome> {
    return inChild('ingestInPipeline', { ...lake, files });
}

/** Copies a lake and its database as they stand, without the landed files, which no build reads. */
export async function copyLake(workspace: Workspace, { lake, postgresUrl }: Lake): Promise<Lake> {
    await rm(join(lake, 'landing'), { recursive: true, force: true });
    const copy = { lake: workspace.path('lake'), postgresUrl: await workspace.database(postgresUrl) };
    await cp(lake, copy.lake, { recursive: true, preserveTimestamps: true });
    return copy;
}
