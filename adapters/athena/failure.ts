import type { QueryExecutionStatus } from '@aws-sdk/client-athena';
import { DataError, type PipelineError, ThrottledError, TransientError } from '#core/errors.ts';

/** Athena's number for errors of its own; 2 is the user's, 3 anything else. */
const SYSTEM = 1;

/** A partial result of an earlier try lies where this one was to write. */
export class OccupiedError extends TransientError {}

/**
 * Why a query did not succeed: TransientError where another try can succeed (OccupiedError in another place),
 * ThrottledError where S3 or Athena asked for less, DataError where it would fail again.
 */
export function queryFailure(
    id: string,
    { State, StateChangeReason, AthenaError }: QueryExecutionStatus,
): PipelineError {
    const reason = AthenaError?.ErrorMessage ?? StateChangeReason ?? 'no reason given';
    const query = `Athena query ${id}`;
    if (/bytes scanned limit/i.test(reason)) {
        return new DataError(
            `${query} was cancelled because it read more than one query may (${reason}). ` +
                'Raise queryCutoffBytes of the stage (lib/deployment/sizes.ts) and deploy, or build fewer dates.',
        );
    }
    if (State === 'CANCELLED') {
        return new DataError(`${query} was cancelled by somebody (${reason}). Build again: cartlake build.`);
    }
    if (/HIVE_PATH_ALREADY_EXISTS|already exists/i.test(reason)) {
        return new OccupiedError(`${query} found files where it was to write (${reason}).`);
    }
    if (/SlowDown|reduce your request rate|TOO_MANY_REQUESTS|Rate exceeded/i.test(reason)) {
        return new ThrottledError(`${query} was asked to slow down (${reason}). It is safe to try again.`);
    }
    const isPassing = AthenaError?.Retryable ?? AthenaError?.ErrorCategory === SYSTEM;
    if (isPassing || /TABLE_NOT_FOUND|exhausted resources|internal error/i.test(reason)) {
        return new TransientError(`${query} failed, but another try can succeed (${reason}).`);
    }
    return new DataError(`${query} failed: ${reason}`);
}
