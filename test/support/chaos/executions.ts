import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutionStatus, Executions, MachineName } from '#core/execution/executions.ts';
import type { Clock } from '#embedded/asl/clock.ts';
import type { TaskResolver } from '#embedded/asl/execution.ts';
import type { Json } from '#embedded/asl/json.ts';
import { loadMachine, type Machine } from '#embedded/asl/load.ts';
import { runExecution } from '#embedded/asl/run.ts';
import { PROJECT_ROOT } from '#embedded/project.ts';
import { machinePlaceholders } from '#embedded/stages.ts';
import type { Handler } from '#lambdas/_chain/chain.ts';
import { lambdaContext } from './lambda-context.ts';
import type { Actor, Process, Turns } from './turns.ts';

const MACHINES = { ingest: machine('ingest'), build: machine('build'), replay: machine('replay') };

function machine(name: string) {
    const text = readFileSync(join(PROJECT_ROOT, 'statemachines', `${name}.asl.json`), 'utf8');
    return loadMachine(text, { name, placeholders: machinePlaceholders() });
}

/** Waits shorter than this are taken at once; longer ones are limits that only a schedule makes true. */
const SHORT_MS = 120_000;

interface Execution {
    status: ExecutionStatus;
    readonly process: Process;
}

/** Executions of the real state machines, in the process that started them. */
export interface ChaosExecutions extends Executions {
    readonly names: readonly string[];
}

export function createChaosExecutions(
    turns: Turns,
    handlers: ReadonlyMap<string, Handler>,
    machines: Readonly<Record<MachineName, Machine>> = MACHINES,
): ChaosExecutions {
    const executions = new Map<string, Execution>();
    const names: string[] = [];
    const clock: Clock = {
        now: () => Date.UTC(2026, 5, 1),
        sleep: (ms) =>
            ms >= SHORT_MS ? new Promise(() => undefined) : turns.call(`waits ${ms} ms`, async () => undefined),
    };

    /** Calls a handler as an actor of its own, which can end before its work does. */
    const tasks =
        (of: Actor): TaskResolver =>
        (name) =>
        async (payload) => {
            const ended = Promise.withResolvers<never>();
            ended.promise.catch(() => undefined);
            const actor = { name: `${of.name} ${name}`, process: of.process, isDead: false, end: ended.reject };
            const work = turns.as(actor, async () => handlers.get(name)?.(payload, lambdaContext(name)));
            work.catch(() => undefined);
            return Promise.race([work, ended.promise]);
        };

    return {
        names,
        async start(machineName, name, input) {
            const key = `${machineName}/${name}`;
            if (executions.has(key)) return;
            const { process } = turns.actor();
            const execution: Execution = { status: 'RUNNING', process };
            executions.set(key, execution);
            names.push(key);
            const short = machineName === 'ingest' ? `${name.slice(0, 6)}${name.slice(name.lastIndexOf('-'))}` : name;
            const actor: Actor = { name: `${process.name} ${short}`, process, isDead: false };
            const options = {
                machine: machines[machineName],
                name,
                input: input as Json,
                tasks: tasks(actor),
                history: { append: () => undefined },
                clock,
                random: { uuid: () => '00000000-0000-4000-8000-000000000000', fraction: () => 0.5 },
            };
            turns
                .as(actor, () => runExecution(options))
                .then(({ status }) => {
                    execution.status = status;
                });
        },
        async status(machineName, name) {
            const found = executions.get(`${machineName}/${name}`);
            return found?.status === 'RUNNING' && found.process.isDead ? 'ABORTED' : found?.status;
        },
    };
}
