/** The state machines of the pipeline, by the names they are deployed under. */
export type MachineName = 'ingest' | 'build' | 'replay';

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

/** Starts executions of state machines. */
export interface Executions {
    /** Idempotent for an equal name and input: a second start of the same execution changes nothing. */
    start(machine: MachineName, name: string, input: object): Promise<void>;
    /** Undefined when there never was such an execution. */
    status(machine: MachineName, name: string): Promise<ExecutionStatus | undefined>;
}
