import type { ExecutionStatus, Executions, MachineName } from '#core/execution/executions.ts';

/** Executions that only remember that they were started; tests say what became of them. */
export interface FakeExecutions extends Executions {
    /** `machine/name` of every execution, in the order of their first start. */
    readonly started: string[];
    /** Inputs by `machine/name`. */
    readonly inputs: Map<string, object>;
    /** Every execution that is there is in this state unless `end` said otherwise. */
    end(key: string, status: ExecutionStatus): void;
    /** Called before a start takes effect. */
    beforeStart: (key: string) => void | Promise<void>;
    /** Called after a status was read, before it is returned. */
    afterStatus: (key: string) => void | Promise<void>;
}

export function createFakeExecutions(): FakeExecutions {
    const states = new Map<string, ExecutionStatus>();
    const executions: FakeExecutions = {
        started: [],
        inputs: new Map(),
        beforeStart: () => undefined,
        afterStatus: () => undefined,
        end: (key, status) => states.set(key, status),
        async start(machine: MachineName, name: string, input: object) {
            const key = `${machine}/${name}`;
            await executions.beforeStart(key);
            if (states.has(key)) return;
            states.set(key, 'RUNNING');
            executions.started.push(key);
            executions.inputs.set(key, input);
        },
        async status(machine, name) {
            const key = `${machine}/${name}`;
            const status = states.get(key);
            await executions.afterStatus(key);
            return status;
        },
    };
    return executions;
}
