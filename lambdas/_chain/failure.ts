import { z } from 'zod';

/** What a state machine's Catch hands on. */
export const stepFailure = z.object({ Error: z.string(), Cause: z.string().default('') });

/** The sentence of a failure: Lambda wraps it in JSON. */
export function causeMessage({ Error: name, Cause }: z.infer<typeof stepFailure>): string {
    try {
        const cause: unknown = JSON.parse(Cause);
        if (typeof cause === 'object' && cause !== null && 'errorMessage' in cause) return String(cause.errorMessage);
    } catch {
        // Not from a Lambda: a timeout of the state, for example.
    }
    return Cause === '' ? name : Cause;
}
