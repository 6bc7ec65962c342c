import { buildInPipeline } from './tasks/build-in-pipeline.ts';
import { buildInSql } from './tasks/build-in-sql.ts';
import { dailyRuns } from './tasks/daily-runs.ts';
import { generate } from './tasks/generate.ts';
import { ingestInPipeline } from './tasks/ingest-in-pipeline.ts';
import { ingestInSql } from './tasks/ingest-in-sql.ts';

/** What can run in a child process. */
export const TASKS = { dailyRuns, generate, ingestInPipeline, ingestInSql, buildInPipeline, buildInSql } as const;

export type Tasks = typeof TASKS;
export type TaskName = keyof Tasks;
