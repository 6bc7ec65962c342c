import type { ExecutionRecord } from './execution-record.ts';
import type { ExecutionStore } from './execution-store.ts';
import { FAILURES } from './failure.ts';
import { type ExecutionResult, type RunOptions, runExecution } from './run.ts';

/** How an execution is started: how it is run, and when. */
export interface StartOptions extends Omit<RunOptions, 'history' | 'executionId'> {
    /** Waits until it may begin; what it resolves to is called at the end. It counts as running meanwhile. */
    readonly begin?: (() => Promise<() => void>) | undefined;
}

/** An execution that was started, now or earlier. */
export interface StartedExecution {
    /** False when it existed already: nothing was run. */
    readonly created: boolean;
    readonly execution: ExecutionRecord;
    /** How it ended; for one that existed already, what is known of it now. */
    readonly done: Promise<ExecutionRecord>;
}

/**
 * Starts an execution and keeps its history: StartExecution in process. Returns at once; `done` follows it.
 * Throws what `ExecutionStore.start` throws; `done` rejects as `runExecution` does.
 */
export function startExecution(store: ExecutionStore, options: StartOptions): StartedExecution {
    const { machine, name, input } = options;
    const { created, execution } = store.start({ machine: machine.name, name, input });
    if (!created) return { created, execution, done: Promise.resolve(execution) };
    return { created, execution, done: run(store, execution, options) };
}

async function run(store: ExecutionStore, execution: ExecutionRecord, options: StartOptions): Promise<ExecutionRecord> {
    const end = await options.begin?.();
    try {
        return store.finish(execution, await runLogged(store, execution, options));
    } catch (error) {
        const cause = error instanceof Error ? error.message : String(error);
        store.finish(execution, { status: 'FAILED', error: FAILURES.runtime, cause });
        throw error;
    } finally {
        end?.();
    }
}

async function runLogged(
    store: ExecutionStore,
    execution: ExecutionRecord,
    options: StartOptions,
): Promise<ExecutionResult> {
    const history = store.log(execution);
    try {
        return await runExecution({ ...options, history, executionId: execution.id });
    } finally {
        history.close();
    }
}
