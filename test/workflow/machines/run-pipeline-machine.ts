import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MachineName } from '#core/execution/executions.ts';
import type { ObjectReader, TaskHandler } from '#embedded/asl/execution.ts';
import type { HistoryEvent } from '#embedded/asl/history.ts';
import type { Json } from '#embedded/asl/json.ts';
import { loadMachine } from '#embedded/asl/load.ts';
import { runExecution } from '#embedded/asl/run.ts';
import { PROJECT_ROOT } from '#embedded/project.ts';
import { machinePlaceholders } from '#embedded/stages.ts';
import { virtualClock } from '#test/unit/embedded/asl/virtual-clock.ts';

/** What a stage does when it is called for the nth time (from 1). */
export type Stub = (payload: Record<string, unknown>, call: number) => unknown;

/** A call of a stage, as `stage {payload}`. */
export interface Call {
    readonly stage: string;
    readonly payload: Record<string, unknown>;
}

/** An error with the name that state machines route on. */
export function named(name: string, message = 'it broke'): Error {
    return Object.assign(new Error(message), { name });
}

/** Runs one of the pipeline's own machines with stubs for its stages, on virtual time. */
export async function runPipelineMachine(
    machine: MachineName,
    input: Json,
    stubs: Readonly<Record<string, Stub>>,
    readObject?: ObjectReader,
) {
    const text = await readFile(join(PROJECT_ROOT, 'statemachines', `${machine}.asl.json`), 'utf8');
    const clock = virtualClock();
    const calls: Call[] = [];
    const events: HistoryEvent[] = [];
    const handler =
        (stage: string): TaskHandler =>
        async (payload) => {
            calls.push({ stage, payload: payload as Record<string, unknown> });
            const stub = stubs[stage];
            if (!stub) throw new Error(`${stage} was called, but has no stub`);
            return stub(payload as Record<string, unknown>, calls.filter((call) => call.stage === stage).length);
        };
    const result = await runExecution({
        machine: loadMachine(text, { name: machine, placeholders: machinePlaceholders() }),
        name: 'run-1',
        input,
        clock,
        random: { uuid: () => '00000000-0000-4000-8000-000000000000', fraction: () => 0.5 },
        tasks: handler,
        readObject,
        history: { append: (event) => events.push(event) },
    });
    return {
        result,
        calls,
        events,
        /** Names of the stages called, in order. */
        stages: calls.map(({ stage }) => stage),
        seconds: clock.elapsed() / 1000,
    };
}
