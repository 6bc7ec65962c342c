import { StateFailure } from '../failure.ts';
import type { EventDetails } from '../history.ts';

/** Error and cause of a failure for an event. */
export function failureDetails(error: unknown): EventDetails {
    if (!(error instanceof StateFailure)) return {};
    return { error: error.error, ...(error.causeText === undefined ? {} : { cause: error.causeText }) };
}
