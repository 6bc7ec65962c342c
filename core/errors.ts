/**
 * The errors of the pipeline. State machines route on `name`, so each class sets it as a literal:
 * bundlers rename classes. A message says what was expected, what was found and what to do next.
 */
export class PipelineError extends Error {
    override name = 'PipelineError';
}

/** Nothing is wrong with the input; trying again can succeed (network, a stopped database, a full disk). */
export class TransientError extends PipelineError {
    override name = 'TransientError';
}

/** A service asked for fewer requests; try again, slower. */
export class ThrottledError extends PipelineError {
    override name = 'ThrottledError';
}

/** The object cannot be read under its contract; it is rejected and kept. */
export class ContractError extends PipelineError {
    override name = 'ContractError';
}

/** A model's rows failed a check or cannot be computed; its last good version stays. */
export class DataError extends PipelineError {
    override name = 'DataError';
}

/** Somebody else did this already, or did it first. Callers treat it as success or read again. */
export class ConflictError extends PipelineError {
    override name = 'ConflictError';
}

/** The command, a file of the project (contract, model, machine) or its configuration is wrong. */
export class UsageError extends PipelineError {
    override name = 'UsageError';
}

/** Turns anything thrown into an Error, keeping the original as its cause. */
export function coerceError(thrown: unknown): Error {
    if (thrown instanceof Error) return thrown;
    return new PipelineError(String(thrown), { cause: thrown });
}
