import { expect, it } from 'vitest';
import { createMachines } from '#embedded/machines.ts';
import { machinePlaceholders } from '#embedded/stages.ts';

it.each(['ingest', 'build', 'replay'] as const)('the machine %s can be run, and is read once', (name) => {
    const machineOf = createMachines();
    const machine = machineOf(name);

    expect(machine.name).toBe(name);
    expect(Object.values(machinePlaceholders())).toEqual(expect.arrayContaining([...machine.resources]));
    expect(machineOf(name)).toBe(machine);
});
