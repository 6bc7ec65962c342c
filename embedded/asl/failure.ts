/** Names the States Language gives to failures of the interpreter itself. */
export const FAILURES = {
    all: 'States.ALL',
    timeout: 'States.Timeout',
    taskFailed: 'States.TaskFailed',
    runtime: 'States.Runtime',
    dataLimit: 'States.DataLimitExceeded',
    noChoice: 'States.NoChoiceMatched',
    resultPath: 'States.ResultPathMatchFailure',
    intrinsic: 'States.IntrinsicFailure',
    itemReader: 'States.ItemReaderFailed',
    tolerance: 'States.ExceedToleratedFailureThreshold',
} as const;

/** Why a state failed: the Error and Cause that Retry and Catch see. */
export class StateFailure extends Error {
    override name = 'StateFailure';
    readonly error: string;
    readonly causeText: string | undefined;
    /** No Retry or Catch applies; the execution fails. */
    readonly terminal: boolean;

    /** The cause says where it happened, or is somebody else's and stays as it is. */
    readonly located: boolean;

    constructor(error: string, causeText?: string, options: { terminal?: boolean; located?: boolean } = {}) {
        super(`${error}: ${causeText ?? 'no cause given'}`);
        this.error = error;
        this.causeText = causeText;
        this.terminal = options.terminal ?? error === FAILURES.runtime;
        this.located = options.located ?? false;
    }

    /** The same failure, its cause naming the state in which it happened. */
    locatedAt(state: string, enteredEventId: number): StateFailure {
        if (this.located) return this;
        const place = `An error occurred while executing the state '${state}' (entered at the event id #${enteredEventId}).`;
        const cause = `${place} ${this.causeText ?? ''}`.trimEnd();
        return new StateFailure(this.error, cause, { terminal: this.terminal, located: true });
    }
}

/** States.Runtime: the definition and the data do not fit together. Neither retried nor caught. */
export function runtimeFailure(cause: string): StateFailure {
    return new StateFailure(FAILURES.runtime, cause);
}

/**
 * Whether a retrier or catcher that lists `errorEquals` answers to the failure. States.ALL takes everything
 * but terminal failures; States.TaskFailed everything but those and States.Timeout.
 */
export function answersTo(errorEquals: readonly string[], failure: StateFailure): boolean {
    if (failure.terminal) return false;
    return errorEquals.some(
        (name) =>
            name === failure.error ||
            name === FAILURES.all ||
            (name === FAILURES.taskFailed && failure.error !== FAILURES.timeout),
    );
}
