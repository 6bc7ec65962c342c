import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadMachine } from '#embedded/asl/load.ts';
import { PROJECT_ROOT } from '#embedded/project.ts';
import { machinePlaceholders } from '#embedded/stages.ts';

// The package ships no types.
const validate = createRequire(import.meta.url)('asl-validator') as (definition: unknown) => {
    isValid: boolean;
    errors: unknown[];
};

interface State {
    readonly Type: string;
    readonly TimeoutSeconds?: number;
    readonly Retry?: readonly { readonly ErrorEquals: readonly string[] }[];
    readonly ItemProcessor?: { readonly States: Readonly<Record<string, State>> };
}

function statesOf(states: Readonly<Record<string, State>>): [string, State][] {
    return Object.entries(states).flatMap(([name, state]) => [
        [name, state],
        ...(state.ItemProcessor ? statesOf(state.ItemProcessor.States) : []),
    ]);
}

describe.each(['ingest', 'build', 'replay'])('the %s machine', (name) => {
    const text = readFileSync(join(PROJECT_ROOT, 'statemachines', `${name}.asl.json`), 'utf8');
    const definition = JSON.parse(text) as { TimeoutSeconds?: number; States: Record<string, State> };
    const states = statesOf(definition.States);

    it('is valid States Language', () => {
        const filled = text.replace(/\$\{(\w+)\}/g, 'arn:aws:lambda:eu-central-1:000000000000:function:$1');

        expect(validate(JSON.parse(filled)).errors).toEqual([]);
    });

    it('has at most 25 states', () => {
        expect(states.length).toBeLessThanOrEqual(25);
    });

    it('limits the time of each task and of itself', () => {
        expect(definition.TimeoutSeconds).toBeGreaterThan(0);
        for (const [state, { Type, TimeoutSeconds }] of states) {
            if (Type === 'Task') expect(TimeoutSeconds, state).toBeGreaterThan(0);
        }
    });

    it('retries passing trouble and requests to slow down in each task, and nothing else', () => {
        for (const [state, { Type, Retry = [] }] of states) {
            if (Type !== 'Task') continue;
            const names = Retry.flatMap(({ ErrorEquals }) => ErrorEquals);
            expect(names, state).toEqual(
                expect.arrayContaining(['ThrottledError', 'TransientError', 'States.Timeout', 'Runtime.ExitError']),
            );
            for (const fatal of ['States.ALL', 'States.TaskFailed', 'ContractError', 'DataError', 'PipelineError']) {
                expect(names, state).not.toContain(fatal);
            }
        }
    });

    it('calls only stages that are there', () => {
        const stages = Object.values(machinePlaceholders());
        const { resources } = loadMachine(text, { name, placeholders: machinePlaceholders() });

        expect(resources.length).toBeGreaterThan(0);
        for (const resource of resources) expect(stages).toContain(resource);
    });
});
