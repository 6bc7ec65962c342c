import type { TaskHandler } from '#embedded/asl/execution.ts';
import type { HistoryEvent } from '#embedded/asl/history.ts';
import type { Json } from '#embedded/asl/json.ts';
import { loadMachine } from '#embedded/asl/load.ts';
import { type RunOptions, runExecution } from '#embedded/asl/run.ts';
import { virtualClock } from './virtual-clock.ts';

/** ARN of a function, for a Task's Resource. */
export function fn(name: string): string {
    return `arn:aws:lambda:local:000000000000:function:${name}`;
}

/** An error a handler throws to be recognised by its name. */
export function named(name: string, message = 'it broke'): Error {
    return Object.assign(new Error(message), { name });
}

/** One state that ends the machine. */
export function single(state: object) {
    return { StartAt: 'S', States: { S: { End: true, ...state } } };
}

export interface Run extends Partial<Omit<RunOptions, 'machine' | 'tasks' | 'history'>> {
    readonly tasks?: Readonly<Record<string, TaskHandler>>;
    readonly integrations?: readonly string[];
}

/** Runs a definition on virtual time; chance is fixed. */
export async function runMachine(definition: object, input: Json = {}, run: Run = {}) {
    const clock = virtualClock();
    const events: HistoryEvent[] = [];
    const machine = loadMachine(JSON.stringify(definition), { name: 'test', integrations: run.integrations ?? [] });
    const result = await runExecution({
        name: 'one',
        clock,
        random: { uuid: () => '00000000-0000-4000-8000-000000000000', fraction: () => 0.5 },
        ...run,
        machine,
        input,
        tasks: (resource) => run.tasks?.[resource],
        history: { append: (event) => events.push(event) },
    });
    return { result, events, elapsed: clock.elapsed() / 1000 };
}

/** The output of a run that must succeed. */
export async function outputOf(definition: object, input: Json = {}, run: Run = {}): Promise<Json> {
    const { result } = await runMachine(definition, input, run);
    if (result.status !== 'SUCCEEDED') throw new Error(`${result.status}: ${result.error}: ${result.cause}`);
    return result.output;
}

/** Events as lines: `id<previous type name or index`. */
export function shortHistory(events: readonly HistoryEvent[]): string[] {
    return events.map(({ id, previousEventId, type, details }) =>
        [`${id}<${previousEventId}`, type, details.name, details.index].filter((part) => part !== undefined).join(' '),
    );
}
