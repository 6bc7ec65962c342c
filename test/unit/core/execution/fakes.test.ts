import type { Executions } from '#core/execution/executions.ts';
import { loadMachine } from '#embedded/asl/load.ts';
import { createChaosExecutions } from '#test/support/chaos/executions.ts';
import { createTurns } from '#test/support/chaos/turns.ts';
import { createFakeExecutions } from '#test/support/fakes/executions.ts';
import { describeExecutions, ENDS_AS_TOLD } from '#test/support/store-contracts/executions.ts';

// The fakes of other tests keep the promises of the port.
describeExecutions('tests that only remember', async () => {
    const fake = createFakeExecutions();
    const settle = async (machine: string, name: string) => {
        const { end } = fake.inputs.get(`${machine}/${name}`) as { end: 'SUCCEEDED' | 'FAILED' };
        fake.end(`${machine}/${name}`, end);
    };
    return { executions: fake, settle };
});

describeExecutions('the chaos suite', async () => {
    const turns = createTurns([], [], () => undefined);
    const machines = {
        ingest: loadMachine(ENDS_AS_TOLD, { name: 'ingest' }),
        build: loadMachine(ENDS_AS_TOLD, { name: 'build' }),
        replay: loadMachine(ENDS_AS_TOLD, { name: 'replay' }),
    };
    const chaos = createChaosExecutions(turns, new Map(), machines);
    const actor = { name: 'test', process: { name: 'process', isDead: false }, isDead: false };
    const executions: Executions = {
        start: (...words) => turns.as(actor, () => chaos.start(...words)),
        status: (...words) => chaos.status(...words),
    };
    const settle = async () => {
        while (await turns.step());
    };
    return { executions, settle };
});
