import type { ExecutionEvent, ExecutionLog, ExecutionSummary } from '#core/execution/execution-log.ts';
import type { MachineName } from '#core/execution/executions.ts';
import type { ExecutionRecord } from './asl/execution-record.ts';
import type { ExecutionStore } from './asl/execution-store.ts';

/** The executions of a lake's folder, told as those of a deployed pipeline are. */
export function createFolderExecutionLog(store: ExecutionStore): ExecutionLog {
    return {
        list: async (machine, most) => store.list({ machine, limit: most }).map((record) => summaryOf(machine, record)),
        async find(machine, name) {
            const record = store.get(`${machine}/${name}`);
            return record && summaryOf(machine, record);
        },
        events: async (machine, name): Promise<ExecutionEvent[]> => store.events(`${machine}/${name}`),
    };
}

function summaryOf(machine: MachineName, record: ExecutionRecord): ExecutionSummary {
    const { name, status, startedAt, stoppedAt, error, cause } = record;
    return { machine, name, status, startedAt, stoppedAt, error, cause };
}
