import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from '#adapters/duckdb/database.ts';
import { createStager } from '#adapters/duckdb/stager.ts';
import { literal } from '#adapters/duckdb/text.ts';
import { createFileReader } from '#adapters/folder/reader.ts';
import type { Contract } from '#core/contracts/contract.ts';
import type { StageResult } from '#core/ingest/ports.ts';
import { probe } from '#core/ingest/probe.ts';
import { temporaryFolder } from './temporary.ts';

type Row = Readonly<Record<string, unknown>>;

/** A staged file with what stands in its two Parquet files. */
export interface StagedFile extends StageResult {
    readonly acceptedRows: readonly Row[];
    /** `reasons` is a list of texts, `raw` the row as text. */
    readonly rejectedRows: readonly Row[];
}

/** Probes and stages a file as the pipeline does. Throws what Probe and Stage throw. */
export async function stageFile(database: Database, contract: Contract, content: Buffer | string): Promise<StagedFile> {
    const folder = await temporaryFolder();
    const path = join(folder, 'landed');
    await writeFile(path, content);
    const reader = createFileReader();
    const stager = createStager(database);
    const { mapping, extra, ...probed } = await probe({ reader, stager }, contract, path);
    const isPlain = probed.compression === 'none' && probed.encoding === 'utf-8' && probed.blankBytes === 0;
    const result = await stager.stage({
        path: isPlain ? path : await reader.plain(path, probed, folder, 1e9),
        format: probed.format,
        contract,
        mapping,
        extra,
        folder,
        lineage: {
            sourceUri: 'landing/orders/orders.csv',
            sourceVersion: 'v1',
            landedAt: '2026-01-01T00:00:00.000Z',
            ingestedAt: '2026-01-01T00:00:01.000Z',
            runId: 'abc-1',
        },
    });
    const rowsOf = (file: string | undefined) =>
        file === undefined
            ? Promise.resolve([])
            : database.session((session) => session.rows(`from read_parquet(${literal(file)}) order by _source_row`));
    return {
        ...result,
        acceptedRows: await rowsOf(result.acceptedPath),
        rejectedRows: await rowsOf(result.rejectedPath),
    };
}
