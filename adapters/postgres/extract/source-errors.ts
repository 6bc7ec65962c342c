import pg from 'pg';
import { coerceError, PipelineError, TransientError, UsageError } from '#core/errors.ts';
import { toPipelineError } from '../errors.ts';

/** What was being read, for messages. */
export interface SourcePlace {
    readonly dataset: string;
    /** `host:port/database`, never the password. */
    readonly server: string;
    /** `public.customers`, or `the query`. */
    readonly relation: string;
    readonly timeoutSeconds: number;
}

/** Sorts an error while a source is read into the pipeline's classes and says that nothing was landed. */
export function sourceError(thrown: unknown, place: SourcePlace): PipelineError {
    if (thrown instanceof PipelineError) return thrown;
    const error = coerceError(thrown);
    const code = thrown instanceof pg.DatabaseError ? (thrown.code ?? '') : '';
    const cause = { cause: error };
    if (code === '57014') {
        return new TransientError(
            `Reading ${place.relation} at ${place.server} took longer than ${place.timeoutSeconds} s. Nothing was ` +
                `landed. Raise timeoutSeconds in contracts/${place.dataset}.odcs.yaml, or extract incrementally.`,
            cause,
        );
    }
    if (code === '42501') {
        return new UsageError(
            `The role may not read ${place.relation} at ${place.server} (${error.message}). Grant it USAGE on the schema and SELECT on the table.`,
            cause,
        );
    }
    if (/^(42|22|25006|21|0A|3F)/.test(code)) {
        return new UsageError(
            `${place.server} refused to read ${place.relation}: ${error.message}. Correct the source in contracts/${place.dataset}.odcs.yaml.`,
            cause,
        );
    }
    const told = toPipelineError(error, { server: place.server });
    if (!(told instanceof TransientError)) return told;
    return new TransientError(`${told.message} Nothing of ${place.dataset} was landed.`, cause);
}
