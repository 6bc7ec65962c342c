import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MachineName } from '#core/execution/executions.ts';
import { loadMachine, type Machine } from './asl/load.ts';
import { PROJECT_ROOT } from './project.ts';
import { machinePlaceholders } from './stages.ts';

/**
 * The state machines of the project. Each is read and checked when it is first asked for: most commands start one or
 * none. What it returns throws DefinitionError when a machine cannot be run.
 */
export function createMachines(): (name: MachineName) => Machine {
    const loaded = new Map<MachineName, Machine>();
    return (name) => {
        const machine = loaded.get(name) ?? readMachine(name);
        loaded.set(name, machine);
        return machine;
    };
}

function readMachine(name: MachineName): Machine {
    const text = readFileSync(join(PROJECT_ROOT, 'statemachines', `${name}.asl.json`), 'utf8');
    return loadMachine(text, { name, placeholders: machinePlaceholders() });
}
