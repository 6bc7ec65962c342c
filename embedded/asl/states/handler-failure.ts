import { StateFailure } from '../failure.ts';

/**
 * What a handler threw, as the Node.js runtime of Lambda reports it and Step Functions passes it on: the error's
 * name, and as cause a JSON text of errorType, errorMessage and trace (the stack's lines).
 */
export function handlerFailure(thrown: unknown): StateFailure {
    const { errorType, errorMessage, trace } =
        thrown instanceof Error
            ? { errorType: thrown.name, errorMessage: thrown.message, trace: (thrown.stack ?? '').split('\n') }
            : { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
    return new StateFailure(errorType, JSON.stringify({ errorType, errorMessage, trace }), { located: true });
}
