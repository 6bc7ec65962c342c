import { z } from 'zod';
import { UsageError } from '#core/errors.ts';
import { STAGE_NEEDS, type StageName } from './permissions.ts';

const text = z.string().min(1);
const arn = z.string().startsWith('arn:');

/** Environment variables of the functions and what they hold. */
const variables = z.object({
    /** Bucket that files land in, below `landing/<dataset>/`. */
    CARTLAKE_LANDING_BUCKET: text,
    /** Bucket of everything the pipeline writes. */
    CARTLAKE_LAKE_BUCKET: text,
    CARTLAKE_INGEST_MACHINE_ARN: arn,
    CARTLAKE_BUILD_MACHINE_ARN: arn,
    CARTLAKE_REPLAY_MACHINE_ARN: arn,
    /** Secret with the database's connection; publish only. */
    CARTLAKE_DATABASE_SECRET_ARN: arn.optional(),
    /** What the names of secrets with the URLs of sources begin with; extract only. */
    CARTLAKE_SOURCE_SECRETS: text.optional(),
    CARTLAKE_ENGINE: z.enum(['duckdb', 'athena']).default('duckdb'),
    /** Athena's workgroup; with the engine athena only, as the two below. */
    CARTLAKE_WORKGROUP: text.optional(),
    /** Glue database of the tables people read. */
    CARTLAKE_GLUE_DATABASE: text.optional(),
    /** Glue database of the tables that queries of builds read. */
    CARTLAKE_WORK_DATABASE: text.optional(),
    /** Megabytes DuckDB may use, instead of a share of the function's memory. */
    CARTLAKE_MEMORY_MB: z.coerce.number().int().min(64).optional(),
    /** Folder that holds `contracts/` and `models/`; the bundle's own where it is not set. */
    CARTLAKE_PROJECT_ROOT: text.optional(),
    /** Whether invocations are drawn in X-Ray. */
    POWERTOOLS_TRACE_ENABLED: z.stringbool().default(false),
    /** Set by Lambda: memory of the function in megabytes. */
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: z.coerce.number().int().positive(),
    /** Set by Lambda: folder of the bundle. */
    LAMBDA_TASK_ROOT: text,
});

export type Environment = z.infer<typeof variables>;

/** A name that `readEnvironment` knows. */
export type VariableName = keyof Environment;

/**
 * Reads the variables a stage needs.
 *
 * @throws UsageError that lists every variable that is missing or wrong
 */
export function readEnvironment(stage: StageName, env: Readonly<Record<string, string | undefined>>): Environment {
    const schema = STAGE_NEEDS[stage].database ? variables.extend({ CARTLAKE_DATABASE_SECRET_ARN: arn }) : variables;
    const parsed = schema.safeParse(env);
    if (parsed.success) return parsed.data;
    const faults = parsed.error.issues.map(({ path, message }) => {
        const name = path.join('.');
        return env[name] === undefined ? `${name} is not set` : `${name} is ${JSON.stringify(env[name])}: ${message}`;
    });
    throw new UsageError(`The environment of ${stage} is wrong: ${faults.join('; ')}. Deploy the stack again.`);
}
