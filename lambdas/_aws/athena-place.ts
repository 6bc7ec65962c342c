import { UsageError } from '#core/errors.ts';
import type { Environment } from './environment.ts';

/** Where queries of a deployment run and tables lie. */
export interface AthenaPlace {
    readonly workgroup: string;
    /** Glue database of the tables people read. */
    readonly database: string;
    /** Glue database of the tables that queries of builds read. */
    readonly workDatabase: string;
    /** `s3://bucket` */
    readonly lakeUri: string;
}

/**
 * Undefined when the engine is another than Athena.
 *
 * @throws UsageError when the environment does not say where
 */
export function athenaPlace(environment: Environment): AthenaPlace | undefined {
    if (environment.CARTLAKE_ENGINE !== 'athena') return undefined;
    const {
        CARTLAKE_WORKGROUP: workgroup,
        CARTLAKE_GLUE_DATABASE: database,
        CARTLAKE_WORK_DATABASE: workDatabase,
    } = environment;
    if (!workgroup || !database || !workDatabase) {
        throw new UsageError(
            'CARTLAKE_ENGINE is athena, which needs CARTLAKE_WORKGROUP, CARTLAKE_GLUE_DATABASE and CARTLAKE_WORK_DATABASE. Deploy the stack again.',
        );
    }
    return { workgroup, database, workDatabase, lakeUri: `s3://${environment.CARTLAKE_LAKE_BUCKET}` };
}
