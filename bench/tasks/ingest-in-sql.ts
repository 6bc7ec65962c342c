import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createDatabase, type Session } from '#adapters/duckdb/database.ts';
import { startClock } from '../cost.ts';
import type { IngestOutcome } from './ingest-in-pipeline.ts';
import {
    acceptedSql,
    COUNT_BROKEN,
    COUNT_READ,
    datesSql,
    numbered,
    readSql,
    rejectedSql,
    SHIFTS,
} from './ingest-sql.ts';

/**
 * Types one events file as an engineer would who writes straight SQL for it: each record is read once, into a table
 * in memory. From opening DuckDB (threads and memory as the pipeline's) to the counts by date.
 */
export async function ingestInSql({ file, folder }: { file: string; folder: string }): Promise<IngestOutcome> {
    await mkdir(folder, { recursive: true });
    const clock = startClock();
    const database = createDatabase({ temporary: join(folder, 'spill') });
    const counts = await database.session((session) => run(session, file, folder));
    const cost = await clock();
    database.close();
    return { ...cost, ...counts };
}

async function run(session: Session, file: string, folder: string): Promise<{ accepted: number; rejected: number }> {
    const acceptedPath = join(folder, 'accepted.parquet');
    await session.run(readSql(file));
    const read = await numberOf(session, COUNT_READ);
    const broken = await numberOf(session, COUNT_BROKEN);
    if (broken > 0) await session.run(SHIFTS);
    const relation = numbered(broken);
    const accepted = await numberOf(session, acceptedSql(relation, acceptedPath));
    const rejected =
        accepted < read ? await numberOf(session, rejectedSql(relation, join(folder, 'rejected.parquet'))) : 0;
    await session.rows(datesSql(acceptedPath));
    return { accepted, rejected };
}

/** The single number a statement returns; a COPY returns the rows it wrote. */
async function numberOf(session: Session, sql: string): Promise<number> {
    const [row] = await session.rows(sql);
    return Number(Object.values(row ?? {})[0] ?? 0);
}
